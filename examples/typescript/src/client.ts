import type { TypedDocumentString } from './gql/graphql.js'

/** What an ambiguous name may stand for; `path` names where it is, from the province down. */
export interface Candidate {
  id: string
  name: string
  path: string[] | null
}

export interface GraphQLError {
  message: string
  path?: (string | number)[]
  extensions?: { code?: string; candidates?: Candidate[] }
}

/** A field that failed is null in `data` and has an error in `errors`, so one answer can hold both. */
export interface Answer<Data> {
  data?: Data | null
  errors?: GraphQLError[]
}

export class Client {
  constructor(
    private readonly url: string,
    private readonly persisted = false,
  ) {}

  async ask<Data, Variables>(document: TypedDocumentString<Data, Variables>, variables: Variables): Promise<Answer<Data>> {
    const operation = this.persisted
      ? { extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(document) } } }
      : { query: document.toString() }
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify({ ...operation, variables }),
    })
    // This type is what tells a GraphQL answer, which may have any status, from what a proxy says.
    if (!response.headers.get('content-type')?.startsWith('application/graphql-response+json')) {
      throw new Error(`no GraphQL at ${this.url}: ${response.status} ${response.statusText}`)
    }
    return (await response.json()) as Answer<Data>
  }
}

/** The document's key in gql/persisted-documents.json. */
function hashOf<Data, Variables>(document: TypedDocumentString<Data, Variables>): string {
  const hash: unknown = document.__meta__?.['hash']
  if (typeof hash !== 'string') throw new Error('the document has no hash: run `npm run generate`')
  return hash
}

/** What a person can do about an error. Decide by `extensions.code`; the message may change. */
export function explain(error: GraphQLError): string {
  switch (error.extensions?.code) {
    case 'NOT_FOUND':
      return `NOT_FOUND: ${error.message}. Check the spelling, or search for it.`
    case 'AMBIGUOUS': {
      const candidates = (error.extensions.candidates ?? []).map(c => `${c.name} (${[...(c.path ?? []), c.id].join(' ')})`)
      return `AMBIGUOUS: ${error.message}. Ask again for one of ${candidates.join(', ')}.`
    }
    default:
      return `${error.extensions?.code ?? 'no code'}: ${error.message}`
  }
}
