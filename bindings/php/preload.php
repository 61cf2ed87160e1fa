<?php

// For PHP-FPM, in php.ini:
//
//   opcache.enable=1
//   opcache.preload=/path/to/vendor/pardox/pardox/preload.php
//   opcache.preload_user=www-data
//
// With the default ffi.enable=preload, FFI works only in preloaded classes: all that this package
// does with FFI stands in its own classes, so preloading them is enough. Nothing is loaded or
// called here: the library is loaded by the first request that needs it, in the worker itself.

declare(strict_types=1);

(static function (): void {
    $files = new \RecursiveIteratorIterator(
        new \RecursiveDirectoryIterator(__DIR__ . '/src', \FilesystemIterator::SKIP_DOTS)
    );
    foreach ($files as $file) {
        if ($file->getExtension() === 'php') {
            opcache_compile_file($file->getPathname());
        }
    }
})();
