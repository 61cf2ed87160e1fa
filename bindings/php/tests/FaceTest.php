<?php

declare(strict_types=1);

namespace Pardox\Tests;

use PHPUnit\Framework\TestCase;

/**
 * What an analyser would hold the package to, as far as reflection can: strict types in each file,
 * every parameter, result and property typed, every public member documented.
 */
final class FaceTest extends TestCase
{
    /** @return iterable<string, array{string, string}> */
    public static function files(): iterable
    {
        $folder = dirname(__DIR__) . '/src';
        $files = new \RecursiveIteratorIterator(
            new \RecursiveDirectoryIterator($folder, \FilesystemIterator::SKIP_DOTS)
        );
        foreach ($files as $file) {
            $name = substr($file->getPathname(), strlen($folder) + 1, -4);
            if ($name !== 'functions') {
                yield $name => [$file->getPathname(), 'Pardox\\' . str_replace('/', '\\', $name)];
            }
        }
    }

    /** @dataProvider files */
    public function testAFileIsStrictTypedAndDocumented(string $path, string $class): void
    {
        $text = (string) file_get_contents($path);
        self::assertStringContainsString('declare(strict_types=1);', $text);
        $mirror = new \ReflectionClass($class);
        $hasDoc = $mirror->getDocComment() !== false || str_contains($text, "\n// ");
        self::assertTrue($hasDoc, "{$class} has no doc comment and its file no opening one");
        $isFinal = $mirror->isFinal() || $mirror->isInterface() || $mirror->isTrait();
        self::assertTrue($isFinal || $class === 'Pardox\Expr', "{$class} is not final");
        foreach ($mirror->getProperties() as $property) {
            $isOwn = $property->getDeclaringClass()->getName() === $class;
            self::assertTrue(!$isOwn || $property->hasType(), "{$class}::\${$property->getName()}");
        }
        foreach ($mirror->getMethods() as $method) {
            $isOwn = $method->getDeclaringClass()->getName() === $class;
            if ($isOwn && $method->getFileName() === $path) {
                self::assertTyped($method, $class);
            }
        }
    }

    public function testFunctionsAreTypedAndDocumented(): void
    {
        foreach (get_defined_functions()['user'] as $name) {
            if (str_starts_with($name, 'pardox\\')) {
                $mirror = new \ReflectionFunction($name);
                self::assertNotFalse($mirror->getDocComment(), $name);
                self::assertTyped($mirror, $name);
            }
        }
    }

    private static function assertTyped(\ReflectionFunctionAbstract $function, string $where): void
    {
        $name = "{$where}::{$function->getName()}";
        foreach ($function->getParameters() as $parameter) {
            $message = "{$name}: \${$parameter->getName()} has no type";
            self::assertTrue($parameter->hasType(), $message);
        }
        $isMagic = in_array($function->getName(), ['__construct', '__destruct', '__clone'], true);
        self::assertTrue($isMagic || $function->hasReturnType(), "{$name} has no result type");
    }

    /** The methods of the engine's description are public, documented and never left to chance. */
    public function testPublicMethodsAreDocumented(): void
    {
        $names = ['DataFrame', 'LazyFrame', 'Column', 'Expr', 'CaseExpr', 'GroupBy', 'Series'];
        foreach ($names as $name) {
            $mirror = new \ReflectionClass("Pardox\\{$name}");
            foreach ($mirror->getMethods(\ReflectionMethod::IS_PUBLIC) as $method) {
                // What PHP's own interfaces ask for is documented there.
                $isPhps = preg_match('/^(offset|__)/', $method->getName()) === 1;
                self::assertTrue(
                    $isPhps || $method->getDocComment() !== false,
                    "{$name}::{$method->getName()} has no doc comment"
                );
            }
        }
    }
}
