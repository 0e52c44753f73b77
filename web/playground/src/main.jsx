// The page: GraphiQL over this server's own endpoint, opening with the
// README's question and others that analysts ask. It loads nothing from another host.
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

import adopters from './questions/01-adopters.graphql';
import spread from './questions/02-spread.graphql';
import spreadEdges from './questions/03-spread-edges.graphql';
import trending from './questions/04-trending.graphql';
import coAdoption from './questions/05-co-adoption.graphql';
import similar from './questions/06-similar.graphql';
import path from './questions/07-path.graphql';
import lawUse from './questions/08-law-use.graphql';
import compareMetric from './questions/09-compare-metric.graphql';
import changes from './questions/10-changes.graphql';
import textReuse from './questions/11-text-reuse.graphql';
import search from './questions/12-search.graphql';
import lawFirms from './questions/13-law-firms.graphql';
import decisions from './questions/14-decisions.graphql';

// The analysts' questions, a tab each.
const questions = [
  adopters,
  spread,
  spreadEdges,
  trending,
  coAdoption,
  similar,
  path,
  lawUse,
  compareMetric,
  changes,
  textReuse,
  search,
  lawFirms,
  decisions,
];

// GraphiQL names one web font for its editors and no fallback; the page's own
// list has one face for code and, behind it, one for Chinese.
const codeFont = getComputedStyle(document.documentElement).getPropertyValue('--code-font');
editor.onDidCreateEditor((created) => created.updateOptions({ fontFamily: codeFont }));

// Relative, so that the page works behind a path prefix too.
const url = new URL('graphql', document.baseURI).href;

const container = document.getElementById('graphiql');
createRoot(container).render(
  <GraphiQL
    // A subscription tells who asks as other requests do: its connection begins
    // with what the headers editor holds.
    fetcher={createGraphiQLFetcher({ url, subscriptionUrl: url.replace(/^http/, 'ws') })}
    defaultTabs={questions.map((query) => ({ query }))}
    plugins={[HISTORY_PLUGIN, explorerPlugin({ showAttribution: false })]}
  >
    <GraphiQL.Logo>graphd</GraphiQL.Logo>
  </GraphiQL>,
);
