import { graphql } from './gql/index.js'

export const adoptersOfPractice = graphql(`
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
`)

export const jurisdictionByName = graphql(`
  query JurisdictionByName($name: String!) {
    jurisdiction(name: $name) {
      fullName
      code
    }
  }
`)
