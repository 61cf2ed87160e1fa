// The ESM door of the one CommonJS core: both doors give the same classes and the same state.

import * as px from "./dist/src/index.js";

export * from "./dist/src/index.js";
export default px;
