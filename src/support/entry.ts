export { compiledEntry } from '../../scriptlet-sandbox/index.js';
