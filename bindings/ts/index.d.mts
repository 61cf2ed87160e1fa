import * as px from "./dist/src/index.js";

export * from "./dist/src/index.js";
export default px;
