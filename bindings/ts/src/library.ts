// The native library: found, loaded and checked at first use, never at import.
//
//   PARDOX_LIBRARY            an absolute path; where it is set, nothing else is looked at
//   native/<platform>-<cpu>/  inside this package
//   target/release/           of the repository that this package stands in
//
// It stays loaded until the process ends: views and handles point into it.

import { existsSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import koffi, { type LibraryHandle } from "koffi";
import { PardoxError } from "./error.js";
import { Native, SURFACE } from "./native.gen.js";

let loaded: Native | undefined;

/** The library's functions. Throws where it is missing or not the one this package goes with. */
export function native(): Native {
  loaded ??= load(locate());
  return loaded;
}

const FILES: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: "libpardox.dylib",
  win32: "pardox.dll",
};

function locate(): string {
  const named = process.env["PARDOX_LIBRARY"];
  if (named !== undefined && named !== "") {
    if (!isAbsolute(named)) {
      const found = `PARDOX_LIBRARY=${named}`;
      throw new PardoxError("not_found", `expected an absolute path, found ${found}`);
    }
    return existing([named], "correct PARDOX_LIBRARY, or unset it");
  }
  const file = FILES[process.platform] ?? "libpardox.so";
  const folder = packageFolder();
  const places = [join(folder, "native", `${process.platform}-${process.arch}`, file)];
  const root = resolve(folder, "../..");
  if (existsSync(join(root, "abi/include/pardox.h"))) {
    places.push(join(root, "target/release", file));
  }
  return existing(places, "run `npm run build` in the repository, or set PARDOX_LIBRARY");
}

/** The folder of this package, whichever folder its sources are compiled to. */
function packageFolder(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, "package.json")) && dirname(folder) !== folder) {
    folder = dirname(folder);
  }
  return folder;
}

function existing(places: readonly string[], advice: string): string {
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  const list = places.join(" or ");
  const message = `expected the native library at ${list}, found no such file; ${advice}`;
  throw new PardoxError("not_found", message, { hint: advice });
}

function load(path: string): Native {
  let library: LibraryHandle;
  try {
    library = koffi.load(path);
  } catch (cause) {
    throw mismatch(path, "it cannot be loaded", cause);
  }
  let functions: Native;
  try {
    functions = new Native(library, PardoxError.of);
  } catch (cause) {
    throw mismatch(
      path,
      "it lacks a function, so it is older than this package or not PardoX",
      cause,
    );
  }
  if (functions.hasSurface(SURFACE) === 1) return functions;
  const { major, minor } = functions.abiVersion();
  const surface = `0x${SURFACE.toString(16).padStart(16, "0")}`;
  const found = `its ABI is ${major}.${minor}`;
  throw mismatch(path, `it does not satisfy the surface ${surface} of this package; ${found}`);
}

function mismatch(path: string, what: string, cause?: unknown): PardoxError {
  const advice = "install the library and the package of one version";
  const reason = cause instanceof Error ? ` (${cause.message})` : "";
  const message = `the native library ${path} does not fit: ${what}${reason}; ${advice}`;
  return new PardoxError("unsupported_version", message, { file: path, hint: advice }, cause);
}

/** Text in a bytes handle, which is released. */
export const takeText = (bytes: number): string => takeBytes(bytes).toString("utf8");

/** Bytes in a bytes handle, copied out; the handle is released. */
export function takeBytes(bytes: number): Buffer {
  const functions = native();
  try {
    const target = Buffer.allocUnsafeSlow(functions.bytesView(bytes).length);
    const copied = target.length === 0 ? 0 : functions.bytesCopy(bytes, 0, target);
    return target.subarray(0, copied);
  } finally {
    functions.release(bytes);
  }
}
