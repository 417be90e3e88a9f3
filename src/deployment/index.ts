export { checkDeployment, type DeploymentParts } from './check.js';
export {
  type Deployment,
  type DeploymentRecord,
  linkedDeployment,
  listDeployments,
  nextId,
  publishDeployment,
  sequence,
  switchTo,
} from './store.js';
