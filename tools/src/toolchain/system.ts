// Tools that the system's packages bring as they are: C, PHP, COBOL, valgrind.

import { ask } from "../shell.js";
import {
  atLeast,
  type Found,
  found,
  type Missing,
  missing,
  type Tool,
  versionIn,
  which,
} from "./tool.js";

const PHP_VERSION_MIN = "8.2";
const COBOL_VERSION_MIN = "3.1";

/** PHP extension -> the Debian package that holds it. */
const PHP_EXTENSIONS: Readonly<Record<string, string>> = {
  FFI: "php-cli",
  dom: "php-xml",
  xmlwriter: "php-xml",
  mbstring: "php-mbstring",
  tokenizer: "php-cli",
};

export const C: Tool = {
  name: "c",
  find: () => {
    const compiler = versionIn(ask(["cc", "--version"]));
    const make = ask(["make", "--version"]);
    if (compiler !== undefined && make !== undefined) return found(`cc ${compiler}, make`);
    const why = `expected cc and make, found no ${compiler === undefined ? "cc" : "make"}`;
    return missing(why, ["gcc", "libc6-dev", "make"], "install a C compiler and make");
  },
};

export const VALGRIND: Tool = {
  name: "valgrind",
  find: () => {
    const version = versionIn(ask(["valgrind", "--version"]));
    if (version !== undefined) return found(`valgrind ${version}`);
    // Without the symbols of the C library valgrind refuses to start.
    const packages = ["valgrind", "libc6-dbg"];
    return missing("expected valgrind, found none", packages, "install valgrind");
  },
};

export const COBOL: Tool = {
  name: "cobol",
  find: () => {
    const version = versionIn(ask(["cobc", "--version"]));
    if (version !== undefined && atLeast(version, COBOL_VERSION_MIN)) {
      return found(`GnuCOBOL ${version}`);
    }
    const why = `expected GnuCOBOL ${COBOL_VERSION_MIN} or newer, found ${version ?? "none"}`;
    return missing(why, ["gnucobol3"], "install GnuCOBOL 3");
  },
};

export const PHP: Tool = { name: "php", find: findPhp };

function findPhp(): Found | Missing {
  const version = versionIn(ask(["php", "-r", "echo PHP_VERSION;"]));
  if (version !== undefined && !atLeast(version, PHP_VERSION_MIN)) {
    const why = `expected PHP ${PHP_VERSION_MIN} or newer, found ${version}`;
    return missing(why, [], `put PHP ${PHP_VERSION_MIN} or newer first on PATH`);
  }
  const absent: string[] = [];
  const packages = new Set<string>();
  const need = (name: string, present: boolean, pack: string): void => {
    if (present) return;
    absent.push(name);
    packages.add(pack);
  };
  need("php", version !== undefined, "php-cli");
  const extensions = new Set((ask(["php", "-m"]) ?? "").split(/\r?\n/));
  for (const [extension, pack] of Object.entries(PHP_EXTENSIONS)) {
    need(extension, extensions.has(extension), pack);
  }
  const composer = versionIn(ask(["composer", "--version"], { COMPOSER_ALLOW_SUPERUSER: "1" }));
  const phpunit = versionIn(ask(["phpunit", "--version"]));
  need("composer", composer !== undefined, "composer");
  need("phpunit", phpunit !== undefined, "phpunit");
  // The tests of PHP-FPM start one of their own, and ask it as a web server does.
  const series = version?.split(".").slice(0, 2).join(".") ?? "";
  need("php-fpm", which(`php-fpm${series}`, ["/usr/sbin"]) !== undefined, "php-fpm");
  need("cgi-fcgi", which("cgi-fcgi") !== undefined, "libfcgi-bin");
  need("phpcs", versionIn(ask(["phpcs", "--version"])) !== undefined, "php-codesniffer");
  if (absent.length === 0) {
    // Composer asks root a question unless it is told that root is meant.
    const env = { COMPOSER_ALLOW_SUPERUSER: "1" };
    return found(`PHP ${version} with FFI, Composer ${composer}, PHPUnit ${phpunit}`, [], env);
  }
  const why = `expected PHP with its tools, found no ${absent.join(", ")}`;
  return missing(why, [...packages], `install PHP ${PHP_VERSION_MIN} with ${absent.join(", ")}`);
}
