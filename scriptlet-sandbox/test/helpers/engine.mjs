// An engine of its own: runs one confined command as its argument says and prints how that ended.
import { startConfined } from '../../../dist/scriptlet-sandbox/index.js';

const { spec, timeLimitMs } = JSON.parse(process.argv[2]);
const events = [];
const end = await startConfined(spec, { timeLimitMs, onEvent: (event) => events.push(event) });
process.stdout.write(JSON.stringify({ ...end, ...events[0] }));
