/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** How firmly a report stands behind a practice, from the weakest claim to the strongest. */
export type PracticeStatus =
  /** Awarded, or chosen as a model, for it. */
  | 'HONOURED'
  /** Said to be done or running. */
  | 'IMPLEMENTED'
  /** Announced for later: it will be done. */
  | 'PLANNED'
  /** Done, with a figure for it. */
  | 'QUANTIFIED'
  /** Named only as a principle or as background. */
  | 'REFERRED';

export type AdoptersOfPracticeQueryVariables = Exact<{
  practice: string;
  first: number;
  after?: string | null | undefined;
}>;


export type AdoptersOfPracticeQuery = { practice: { adopters: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ node: { since: number, status: PracticeStatus, jurisdiction: { fullName: string }, evidence: Array<{ passage: string, report: { title: string, published: string | null, composed: boolean } }> } }> } } | null };

export type JurisdictionByNameQueryVariables = Exact<{
  name: string;
}>;


export type JurisdictionByNameQuery = { jurisdiction: { fullName: string, code: string | null } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const AdoptersOfPracticeDocument = new TypedDocumentString(`
    query AdoptersOfPractice($practice: String!, $first: Int!, $after: String) {
  practice(name: $practice) {
    adopters(first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          since
          status
          jurisdiction {
            fullName
          }
          evidence {
            passage
            report {
              title
              published
              composed
            }
          }
        }
      }
    }
  }
}
    `, {"hash":"cfad5647c819201fb0ff89a4198ae4d4d2575c53bb17f37e506086208e4e3ad7"}) as unknown as TypedDocumentString<AdoptersOfPracticeQuery, AdoptersOfPracticeQueryVariables>;
export const JurisdictionByNameDocument = new TypedDocumentString(`
    query JurisdictionByName($name: String!) {
  jurisdiction(name: $name) {
    fullName
    code
  }
}
    `, {"hash":"b1b9e38a46d9cfea1b89d03d9cd08543b2bdcd3f6ae8cb8dde4e4c51113eb7e9"}) as unknown as TypedDocumentString<JurisdictionByNameQuery, JurisdictionByNameQueryVariables>;