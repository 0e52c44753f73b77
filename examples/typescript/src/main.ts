import { parseArgs } from 'node:util'
import { type Answer, Client, explain } from './client.js'
import type { AdoptersOfPracticeQuery } from './gql/graphql.js'
import { adoptersOfPractice, jurisdictionByName } from './operations.js'

type Adopters = NonNullable<AdoptersOfPracticeQuery['practice']>['adopters']

/** The pages of a practice's adopters, each asked for when the one before has been read. */
async function* pagesOfAdopters(client: Client, practice: string): AsyncGenerator<Adopters> {
  let after: string | null = null
  for (;;) {
    const answer: Answer<AdoptersOfPracticeQuery> = await client.ask(adoptersOfPractice, { practice, first: 2, after })
    const adopters = answer.data?.practice?.adopters
    if (!adopters) throw new Error(answer.errors?.map(explain).join('\n'))
    yield adopters
    if (!adopters.pageInfo.hasNextPage) return
    after = adopters.pageInfo.endCursor
  }
}

async function printAdopters(client: Client, practice: string): Promise<void> {
  let page = 0
  for await (const { totalCount, edges } of pagesOfAdopters(client, practice)) {
    page++
    if (page === 1) console.log(`${totalCount} jurisdictions practise ${practice}`)
    console.log(`\npage ${page}`)
    for (const { node } of edges) {
      console.log(`${node.jurisdiction.fullName}, since ${node.since}, ${node.status}`)
      const [proof] = node.evidence
      if (!proof) continue
      const { title, published, composed } = proof.report
      console.log(`  「${proof.passage}」`)
      console.log(`  ${title}, published ${published ?? 'on an unknown day'}${composed ? ' (a sample)' : ''}`)
    }
  }
}

async function printJurisdiction(client: Client, name: string): Promise<void> {
  const { data, errors } = await client.ask(jurisdictionByName, { name })
  if (data?.jurisdiction) console.log(`${name}: ${data.jurisdiction.fullName}, code ${data.jurisdiction.code ?? 'unknown'}`)
  for (const error of errors ?? []) console.log(`${name}: ${explain(error)}`)
}

const { values, positionals } = parseArgs({
  options: { persisted: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const [url] = positionals
if (!url || positionals.length > 1) {
  console.error('usage: npm start -- [--persisted] URL')
  process.exit(2)
}
try {
  const client = new Client(url, values.persisted)
  await printAdopters(client, '枫桥经验')
  console.log()
  await printJurisdiction(client, '松江')
  await printJurisdiction(client, '桃花源')
} catch (error) {
  // What fetch throws says what went wrong in its cause only.
  console.error(error instanceof Error ? `${error.message} ${error.cause ?? ''}` : error)
  process.exitCode = 1
}
