import { createHash } from 'node:crypto'
import type { CodegenConfig } from '@graphql-codegen/cli'

const config: CodegenConfig = {
  schema: '../../schema.graphqls',
  documents: ['src/**/*.ts', '!src/gql/**'],
  generates: {
    'src/gql/': {
      preset: 'client',
      presetConfig: {
        fragmentMasking: false,
        persistedDocuments: {
          // A function, because some versions of the preset put `sha256:` before the digits when they are only told the algorithm's name.
          hashAlgorithm: (document: string) => createHash('sha256').update(document).digest('hex'),
        },
      },
      config: {
        documentMode: 'string',
        importExtension: '.js',
        scalars: { Date: 'string', Upload: 'Blob' },
        strictScalars: true,
        useTypeImports: true,
      },
    },
  },
}

export default config
