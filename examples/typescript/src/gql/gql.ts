/* eslint-disable */
import * as types from './graphql.js';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  query AdoptersOfPractice($practice: String!, $first: Int!, $after: String) {\n    practice(name: $practice) {\n      adopters(first: $first, after: $after) {\n        totalCount\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        edges {\n          node {\n            since\n            status\n            jurisdiction {\n              fullName\n            }\n            evidence {\n              passage\n              report {\n                title\n                published\n                composed\n              }\n            }\n          }\n        }\n      }\n    }\n  }\n": typeof types.AdoptersOfPracticeDocument,
    "\n  query JurisdictionByName($name: String!) {\n    jurisdiction(name: $name) {\n      fullName\n      code\n    }\n  }\n": typeof types.JurisdictionByNameDocument,
};
const documents: Documents = {
    "\n  query AdoptersOfPractice($practice: String!, $first: Int!, $after: String) {\n    practice(name: $practice) {\n      adopters(first: $first, after: $after) {\n        totalCount\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        edges {\n          node {\n            since\n            status\n            jurisdiction {\n              fullName\n            }\n            evidence {\n              passage\n              report {\n                title\n                published\n                composed\n              }\n            }\n          }\n        }\n      }\n    }\n  }\n": types.AdoptersOfPracticeDocument,
    "\n  query JurisdictionByName($name: String!) {\n    jurisdiction(name: $name) {\n      fullName\n      code\n    }\n  }\n": types.JurisdictionByNameDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AdoptersOfPractice($practice: String!, $first: Int!, $after: String) {\n    practice(name: $practice) {\n      adopters(first: $first, after: $after) {\n        totalCount\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n        edges {\n          node {\n            since\n            status\n            jurisdiction {\n              fullName\n            }\n            evidence {\n              passage\n              report {\n                title\n                published\n                composed\n              }\n            }\n          }\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.js').AdoptersOfPracticeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query JurisdictionByName($name: String!) {\n    jurisdiction(name: $name) {\n      fullName\n      code\n    }\n  }\n"): typeof import('./graphql.js').JurisdictionByNameDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
