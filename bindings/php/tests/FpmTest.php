<?php

// PHP-FPM as a server sets it up: ffi.enable=preload, the classes preloaded, pages that are not.

declare(strict_types=1);

namespace Pardox\Tests;

use Pardox\Internal\Library;
use PHPUnit\Framework\TestCase;

final class FpmTest extends TestCase
{
    private const START_SECONDS = 10.0;

    private string $folder = '';

    /** @var resource|null */
    private $server = null;

    protected function setUp(): void
    {
        $server = 'php-fpm' . PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION;
        foreach ([$server, 'cgi-fcgi'] as $program) {
            if (shell_exec("command -v {$program} 2>/dev/null") === null) {
                self::markTestSkipped("{$program} is not installed (Debian: php-fpm, libfcgi-bin)");
            }
        }
        $this->folder = sys_get_temp_dir() . '/pardox-php-' . bin2hex(random_bytes(6));
        mkdir($this->folder, 0o755);
    }

    protected function tearDown(): void
    {
        if ($this->server !== null) {
            proc_terminate($this->server);
            proc_close($this->server);
        }
        if ($this->folder !== '') {
            array_map('unlink', glob("{$this->folder}/*") ?: []);
            rmdir($this->folder);
        }
    }

    private function start(bool $isPreloaded): void
    {
        $isRoot = posix_geteuid() === 0;
        $user = $isRoot ? "user = www-data\ngroup = www-data\nlisten.mode = 0666\n" : '';
        file_put_contents("{$this->folder}/fpm.conf", <<<CONF
            [global]
            error_log = {$this->folder}/error.log
            daemonize = no
            [www]
            {$user}listen = {$this->folder}/fpm.sock
            pm = static
            pm.max_children = 1
            CONF . "\nenv[PARDOX_LIBRARY] = " . Library::find() . "\n");
        $words = ['php-fpm' . PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION, '-F'];
        $words = [...$words, '-y', "{$this->folder}/fpm.conf", ...($isRoot ? ['-R'] : [])];
        if ($isPreloaded) {
            $preload = dirname(__DIR__) . '/preload.php';
            $words = [...$words, '-d', 'opcache.enable=1', '-d', "opcache.preload={$preload}"];
            $words = $isRoot ? [...$words, '-d', 'opcache.preload_user=www-data'] : $words;
        }
        $pipes = [];
        $null = ['file', '/dev/null', 'w'];
        $this->server = proc_open($words, [1 => $null, 2 => $null], $pipes) ?: null;
        $end = microtime(true) + self::START_SECONDS;
        while (!file_exists("{$this->folder}/fpm.sock") && microtime(true) < $end) {
            usleep(20_000);
        }
    }

    private function ask(string $page): string
    {
        file_put_contents("{$this->folder}/page.php", "<?php declare(strict_types=1); {$page}");
        $script = "SCRIPT_FILENAME={$this->folder}/page.php SCRIPT_NAME=/page.php";
        $script .= ' REQUEST_METHOD=GET';
        $answer = shell_exec("{$script} cgi-fcgi -bind -connect {$this->folder}/fpm.sock 2>&1");
        return explode("\r\n\r\n", (string) $answer, 2)[1] ?? (string) $answer;
    }

    public function testPreloadedClassesServeOneRequestAfterTheOther(): void
    {
        $this->start(true);
        $page = 'echo ini_get("ffi.enable"), " ";'
            . '$df = Pardox\DataFrame::fromColumns(["x" => [1.5, 2.5]]);'
            . 'echo count($df), " ", $df["x"]->values()[0], " ", $df->column("x")->view()[1], " ",'
            . ' json_encode(Pardox\Internal\Library::native()->live()[0]);';
        for ($request = 0; $request < 3; $request += 1) {
            self::assertSame('preload 2 1.5 2.5 1', $this->ask($page), (string) $request);
        }
    }

    public function testARequestThatRunsOutOfTimeLeavesNothingBehind(): void
    {
        $this->start(true);
        $slow = 'set_time_limit(1); $df = Pardox\DataFrame::fromColumns(["n" => range(1, 4000)]);'
            . 'while (true) { $df->sort(Pardox\col("n")->desc()); }';
        $this->ask($slow);
        usleep(500_000);
        $live = 'echo json_encode(Pardox\Internal\Library::native()->live());';
        self::assertSame('[0,0]', $this->ask($live));
    }

    public function testWithoutPreloadingTheReasonIsSaid(): void
    {
        $this->start(false);
        $autoload = var_export(dirname(__DIR__) . '/autoload.php', true);
        $answer = $this->ask("require {$autoload}; try { echo Pardox\\version(); }"
            . ' catch (Pardox\Exception\LibraryException $e) { echo $e->getMessage(); }');
        self::assertStringContainsString('opcache.preload', $answer);
    }
}
