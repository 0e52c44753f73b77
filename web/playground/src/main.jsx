// The page: GraphiQL over this server's own endpoint, opening with the
// README's question. It loads nothing from another host.
import './workers.js';
import { createRoot } from 'react-dom/client';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { explorerPlugin } from '@graphiql/plugin-explorer';
import { editor } from 'monaco-graphql/esm/monaco-editor.js';

import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import '@graphiql/plugin-explorer/style.css';
import 'graphiql/graphiql.css';
import './playground.css';

import opening from './opening.graphql';

// GraphiQL names one web font for its editors and no fallback; the page's own
// list has one face for code and, behind it, one for Chinese.
const codeFont = getComputedStyle(document.documentElement).getPropertyValue('--code-font');
editor.onDidCreateEditor((created) => created.updateOptions({ fontFamily: codeFont }));

const container = document.getElementById('graphiql');
createRoot(container).render(
  <GraphiQL
    // Relative, so that the page works behind a path prefix too.
    fetcher={createGraphiQLFetcher({ url: new URL('graphql', document.baseURI).href })}
    defaultTabs={[{ query: opening }]}
    plugins={[HISTORY_PLUGIN, explorerPlugin({ showAttribution: false })]}
  >
    <GraphiQL.Logo>graphd</GraphiQL.Logo>
  </GraphiQL>,
);
