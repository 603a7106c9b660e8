// Medplum's agent library, each message in SQLite (WAL, FULL) before its answer.
// node medplum_server.mjs FOLDER (run in the folder that holds node_modules)
import { createRequire } from 'node:module';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const require = createRequire(join(process.cwd(), 'package.json'));
const { Hl7Server } = require('@medplum/hl7');

const folder = process.argv[2];
mkdirSync(folder, { recursive: true });
const store = new DatabaseSync(join(folder, 'messages.db'));
store.exec('pragma journal_mode = wal; pragma synchronous = full');
store.exec('create table message (id integer primary key, control text, body blob)');
const insert = store.prepare('insert into message (control, body) values (?, ?)');

const server = new Hl7Server((connection) => {
  connection.addEventListener('message', ({ message }) => {
    insert.run(message.getSegment('MSH').getField(10).toString(), Buffer.from(message.toString(), 'latin1'));
    connection.send(message.buildAck());
  });
});
await server.start(0, 'iso-8859-1');
console.log(server.server.address().port);
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
