/**
 * The import rules of DESIGN.md, section 9: imports go one way,
 * cli → index → engine → parts → {rpm, sysroot} → tree → support; anything may use the door of scriptlet-sandbox.
 */
const PARTS = '(resolve|layer|checkout|deployment|base|report|check)';

/** What lies above each level, and so may not be imported from it. */
const upwards = [
  {
    level: 'support',
    above: '(tree|rpm|sysroot|resolve|layer|checkout|deployment|base|report|check|engine|cli)',
  },
  { level: 'tree', above: '(rpm|sysroot|resolve|layer|checkout|deployment|base|report|check|engine|cli)' },
  { level: '(rpm|sysroot)', above: '(resolve|layer|checkout|deployment|base|report|check|engine|cli)' },
  { level: PARTS, above: '(engine|cli)' },
  { level: 'engine', above: 'cli' },
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Files that need each other are one file, or lack a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...upwards.map(({ level, above }) => ({
      name: `${level.replace(/[()]/g, '').replaceAll('|', '-')}-imports-downwards`,
      comment: 'Imports go one way.',
      severity: 'error',
      from: { path: `^src/${level}/` },
      to: { path: `^src/(${above}/|index\\.ts$)` },
    })),
    {
      name: 'cli-uses-the-public-api',
      comment: 'What the command line needs, a program needs as well: it is in src/index.ts.',
      severity: 'error',
      from: { path: '^src/cli/' },
      to: { path: '^(src|scriptlet-sandbox)/', pathNot: '^src/(cli/|index\\.ts$)' },
    },
    {
      name: 'index-is-for-the-cli',
      comment: 'Inside, each component is imported by its own name.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: '^src/index\\.ts$' },
    },
    {
      name: 'sandbox-by-its-door',
      comment: 'scriptlet-sandbox is a component of its own; libc calls too come through its index.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^scriptlet-sandbox/', pathNot: '^scriptlet-sandbox/index\\.ts$' },
    },
    {
      name: 'sandbox-stands-alone',
      comment: 'scriptlet-sandbox imports nothing from src: others can use it without Veneer.',
      severity: 'error',
      from: { path: '^scriptlet-sandbox/' },
      to: { path: '^src/' },
    },
    {
      name: 'story-touches-no-file',
      comment: 'engine and cli tell the story; files are the business of the components below.',
      severity: 'error',
      from: { path: '^src/(engine|cli)/' },
      to: { path: '^(node:)?fs(/promises)?$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'product-without-tests',
      comment: 'Neither fixtures nor tests nor their tools are part of the product.',
      severity: 'error',
      from: { path: '^(src|scriptlet-sandbox)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(test|fixtures)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'resolvable',
      comment: 'Every import leads somewhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
