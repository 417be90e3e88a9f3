export { type ResolvedPackage, type ResolveRequest, resolvePackages } from './resolve.js';
