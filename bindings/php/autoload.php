<?php

// Loads the classes without Composer: for tests, examples and preloading. With Composer, use its
// own vendor/autoload.php.

declare(strict_types=1);

spl_autoload_register(static function (string $class): void {
    foreach (['Pardox\\Tests\\' => 'tests', 'Pardox\\' => 'src'] as $prefix => $folder) {
        if (!str_starts_with($class, $prefix)) {
            continue;
        }
        $name = str_replace('\\', '/', substr($class, strlen($prefix)));
        $path = __DIR__ . "/{$folder}/{$name}.php";
        if (is_file($path)) {
            require $path;
        }
        return;
    }
});

require_once __DIR__ . '/src/functions.php';
