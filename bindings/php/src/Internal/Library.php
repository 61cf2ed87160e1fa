<?php

// Finds the native library, loads it once, and checks that it is one this package was made for.
//
//   PARDOX_LIBRARY  ->  lib/<os>-<cpu> of this package  ->  target/release of the repository
//
// All `new`, `cast`, `string` and `addr` of FFI stand in classes of this namespace, so that under
// PHP-FPM preloading them (preload.php) is enough.

declare(strict_types=1);

namespace Pardox\Internal;

use FFI;
use Pardox\ErrorKind;
use Pardox\Exception\LibraryException;

/** @internal */
final class Library
{
    private const RTLD_NOW = 2;

    private static ?Native $native = null;

    /** The loaded library. */
    public static function native(): Native
    {
        return self::$native ??= self::load(self::find());
    }

    /** The version of the native library. */
    public static function version(): string
    {
        $native = self::native();
        return (new Handle($native, $native->libraryVersion()))->text();
    }

    /** Cancels all work and ends the library's threads; every later call is refused. */
    public static function shutdown(): void
    {
        self::native()->shutdown();
    }

    /** Path of the library. */
    public static function find(): string
    {
        $given = getenv('PARDOX_LIBRARY');
        if (is_string($given) && $given !== '') {
            if (is_file($given)) {
                return $given;
            }
            throw self::failure(ErrorKind::NotFound, "the native library is not at {$given}, where "
                . 'PARDOX_LIBRARY says; correct the variable or unset it');
        }
        $places = self::places();
        foreach ($places as $place) {
            if (is_file($place)) {
                return $place;
            }
        }
        throw self::failure(ErrorKind::NotFound, 'the native library is not there; looked for '
            . implode(' and ', $places) . '; set PARDOX_LIBRARY to its absolute path');
    }

    /** Loads the library at a path and checks it. */
    public static function load(string $path): Native
    {
        if (PHP_INT_SIZE < 8) {
            $why = 'expected a 64-bit PHP, found a 32-bit one';
            throw self::failure(ErrorKind::Unsupported, $why);
        }
        if (!extension_loaded('FFI')) {
            throw self::failure(ErrorKind::Unsupported, 'PHP\'s extension FFI is not loaded; '
                . 'install it, or enable it with extension=ffi in php.ini');
        }
        try {
            self::pin($path);
            $native = new Native(FFI::cdef(Native::HEADER, $path));
        } catch (FFI\Exception $error) {
            throw self::explain($path, $error);
        }
        if ($native->hasSurface(Native::SURFACE) !== 1) {
            [$major, $minor] = $native->abiVersion();
            throw self::failure(ErrorKind::UnsupportedVersion, "the native library at {$path} has "
                . "ABI {$major}.{$minor}, which is not one that this package was made for; "
                . 'install library and package of one release');
        }
        Handle::releaseAfterFatalError($native);
        return $native;
    }

    /** @return list<string> */
    private static function places(): array
    {
        [$prefix, $ending] = match (PHP_OS_FAMILY) {
            'Windows' => ['', 'dll'],
            'Darwin' => ['lib', 'dylib'],
            default => ['lib', 'so'],
        };
        $file = "{$prefix}pardox.{$ending}";
        $platform = strtolower(PHP_OS_FAMILY) . '-' . strtolower(php_uname('m'));
        $package = dirname(__DIR__, 2);
        $repository = dirname($package, 2);
        return ["{$package}/lib/{$platform}/{$file}", "{$repository}/target/release/{$file}"];
    }

    /**
     * Keeps the library in the process for ever. PHP unloads it when its FFI object goes, at the
     * end of each request; a thread of the library that is still winding down would then crash.
     */
    private static function pin(string $path): void
    {
        if (PHP_OS_FAMILY === 'Windows') {
            return;
        }
        $loader = FFI::cdef('void *dlopen(const char *path, int mode); char *dlerror(void);');
        if ($loader->dlopen($path, self::RTLD_NOW) === null) {
            throw new FFI\Exception(FFI::string($loader->dlerror()));
        }
    }

    private static function explain(string $path, FFI\Exception $error): LibraryException
    {
        $text = $error->getMessage();
        if (str_contains($text, 'ffi.enable')) {
            $why = 'PHP allows FFI here only in preloaded classes; set opcache.preload to '
                . 'preload.php of this package, or ffi.enable=true';
            return self::failure(ErrorKind::Unsupported, $why, $error);
        }
        if (str_contains($text, 'resolving')) {
            $why = "the native library at {$path} is older than this package: {$text}; "
                . 'install library and package of one release';
            return self::failure(ErrorKind::UnsupportedVersion, $why, $error);
        }
        $why = "the native library at {$path} cannot be loaded: {$text}";
        return self::failure(ErrorKind::Unsupported, $why, $error);
    }

    private static function failure(
        ErrorKind $kind,
        string $message,
        ?\Throwable $previous = null
    ): LibraryException {
        return new LibraryException($kind, $message, null, $previous);
    }
}
