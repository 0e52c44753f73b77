// Monaco asks here for its workers. index.html names their files, because
// only the build knows them.
const { graphqlWorker, jsonWorker, editorWorker } = document.currentScript.dataset;

globalThis.MonacoEnvironment = {
  getWorker(_id, label) {
    const files = { graphql: graphqlWorker, json: jsonWorker };
    return new Worker(new URL(files[label] ?? editorWorker, document.baseURI));
  },
};
