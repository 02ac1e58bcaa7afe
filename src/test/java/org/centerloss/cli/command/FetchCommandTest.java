package org.centerloss.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.centerloss.cli.Main;
import org.centerloss.data.fetch.LyingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code fetch} and {@code --download} on the real command line. */
class FetchCommandTest {
    private static final Path DEBIAN = Path.of("/usr/share/datasets/fashion-mnist");

    @TempDir private Path folder;
    private final LyingServer server = new LyingServer();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @AfterEach
    void closeServer() {
        server.close();
    }

    private int run(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    private String mirror() {
        return server.address("/cache").toString();
    }

    private int fetch(String name) {
        return run("fetch", name, "--mirror", mirror(), "--data-dir", folder.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fetch | Missing required parameter: 'NAME'",
                "fetch mnits | NAME: expected one of mnist, fashion-mnist, cifar-10, fashion-mini, cifar-100, cifar-100-coarse, svhn, kmnist, emnist-balanced, emnist-byclass, emnist-bymerge, emnist-digits, emnist-letters, emnist-mnist, found mnits (did you mean mnist?)",
                "fetch mnist --mirror http://example.org | --mirror http://example.org: expected an https:// address",
                "fetch mnist --mirror nowhere | --mirror nowhere: expected an https:// address",
                "fetch mnist --mirror http://[ | --mirror",
                "fetch mnist --stall-timeout 0 | --stall-timeout: expected 0.001 to 86400 seconds, found 0.0",
                "fetch mnist --stall-timeout NaN | --stall-timeout: expected",
                "fetch mnist --stall-timeout soon | 'soon' is not a double",
            })
    void wrongUsageExitsWith2AndSaysWhatIsWrong(String line, String expected) {
        assertEquals(2, run(line.split(" ")), err.toString());
        String first = err.toString().lines().findFirst().orElse("");
        assertTrue(first.startsWith("centerloss: ") && first.contains(expected), first);
    }

    @Test
    void aMirrorWithoutTheFilesIsOneLineAndNoFile() throws IOException {
        assertEquals(1, fetch("mnist"));
        assertEquals(1, err.toString().lines().count(), err.toString());
        String expected =
                "centerloss: data set mnist: train-images-idx3-ubyte.gz cannot be fetched: "
                        + server.place()
                        + ": HTTP 404; try again later, or put train-images-idx3-ubyte.gz, ";
        assertTrue(err.toString().startsWith(expected), err.toString());
        assertEquals("", out.toString());
        try (Stream<Path> content = Files.list(folder.resolve("mnist"))) {
            assertEquals(List.of(folder.resolve("mnist/.lock")), content.toList());
        }
    }

    @Test
    void whatIsPartOfTheProgramNeedsNoFetching() {
        assertEquals(0, fetch("fashion-mini"));
        assertEquals("fashion-mini: part of the program\n", out.toString());
        assertEquals(List.of(), server.requests());
    }

    @Test
    void trainWithDownloadFetchesFirstAndSaysSoInOneLineIfItCannot() {
        Path run = folder.resolve("run");
        int code =
                run(
                        "train",
                        "--device",
                        "cpu",
                        "--dataset",
                        "mnist",
                        "--download",
                        "--mirror",
                        mirror(),
                        "--data-dir",
                        folder.toString(),
                        "--out",
                        run.toString());
        assertEquals(1, code);
        assertTrue(err.toString().contains("HTTP 404"), err.toString());
        assertFalse(Files.exists(run));
    }

    @Test
    void trainWithoutDownloadNamesFetch() {
        int code =
                run(
                        "train",
                        "--device",
                        "cpu",
                        "--dataset",
                        "mnist",
                        "--mirror",
                        mirror(),
                        "--data-dir",
                        folder.toString());
        assertEquals(1, code);
        assertTrue(err.toString().contains("centerloss fetch mnist"), err.toString());
        assertEquals(List.of(), server.requests());
    }

    @Test
    void whatIsFetchedIsFoundAndNotFetchedAgain() throws IOException {
        assumeTrue(Files.isDirectory(DEBIAN), "needs Debian's package dataset-fashion-mnist");
        try (Stream<Path> files = Files.list(DEBIAN)) {
            for (Path file : files.toList()) {
                server.at(
                        "/cache/fashion-mnist/" + file.getFileName(),
                        LyingServer.file(Files.readAllBytes(file), "\"1\""));
            }
        }
        Path place = folder.resolve("fashion-mnist");
        assertEquals(0, fetch("fashion-mnist"), err.toString());
        String fetched = "fashion-mnist: in %s, verified; 4 of 4 files downloaded%n";
        assertEquals(fetched.formatted(place), out.toString());
        String line = "train-images-idx3-ubyte.gz: 26.4 MB from " + server.place();
        assertTrue(err.toString().lines().anyMatch(line::equals), err.toString());
        int requests = server.requests().size();
        assertEquals(0, fetch("fashion-mnist"), err.toString());
        assertEquals("fashion-mnist: already in %s, verified%n".formatted(place), out.toString());
        int code =
                run(
                        "train",
                        "--device",
                        "cpu",
                        "--dataset",
                        "fashion-mnist",
                        "--data-dir",
                        folder.toString(),
                        "--download",
                        "--mirror",
                        mirror(),
                        "--batch-size",
                        "60001");
        assertEquals(1, code);
        assertTrue(err.toString().contains("the 60000 training images"), err.toString());
        assertEquals(requests, server.requests().size());
    }
}
