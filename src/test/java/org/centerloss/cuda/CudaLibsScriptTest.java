package org.centerloss.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.centerloss.cuda.driver.NativeLibraries;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/cuda-libs} against a mirror that serves a file that is not the real one. */
class CudaLibsScriptTest {
    @TempDir private Path home;

    private final List<String> ranges = new ArrayList<>();
    private HttpServer mirror;
    private Path part;

    @BeforeEach
    void serve() throws IOException {
        mirror = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        mirror.createContext(
                "/",
                exchange -> {
                    ranges.add(exchange.getRequestHeaders().getFirst("Range"));
                    byte[] rest = "the rest".getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().add("Content-Range", "bytes 5-12/13");
                    exchange.sendResponseHeaders(206, rest.length);
                    exchange.getResponseBody().write(rest);
                    exchange.close();
                });
        mirror.start();
        Path cache = Files.createDirectories(home.resolve(".cache/centerloss"));
        part = cache.resolve(NativeLibraries.UNPACKED + ".jar.part");
    }

    @AfterEach
    void stop() {
        mirror.stop(0);
    }

    private String run(int status) throws Exception {
        Path said = home.resolve("said");
        ProcessBuilder builder = new ProcessBuilder("bash", "scripts/cuda-libs");
        builder.environment().remove("XDG_CACHE_HOME");
        builder.environment().put("HOME", home.toString());
        builder.environment()
                .put("MAVEN_CENTRAL", "http://127.0.0.1:" + mirror.getAddress().getPort());
        Process process = builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        String text = Files.readString(said);
        assertEquals(status, process.exitValue(), text);
        return text;
    }

    @Test
    void anInterruptedDownloadGoesOnAndAWrongFileIsRefused() throws Exception {
        Files.writeString(part, "begun");
        String said = run(1);
        assertEquals(List.of("bytes=5-"), ranges, said);
        assertTrue(said.contains("downloading 2.0 GB of 2.0 GB from http://127.0.0.1"), said);
        assertTrue(said.contains("cuda-libs: " + part + ": expected SHA-256 "), said);
        assertFalse(Files.exists(part), said);
        assertFalse(Files.exists(part.resolveSibling(NativeLibraries.UNPACKED)), said);
    }

    @Test
    void whatWasDownloadedIsKeptWhenTheMirrorFails() throws Exception {
        Files.writeString(part, "begun");
        mirror.stop(0);
        String said = run(1);
        assertTrue(said.contains("run it again to go on"), said);
        assertEquals("begun", Files.readString(part));
    }

    @Test
    void librariesThatAreThereAreLeftAlone() throws Exception {
        Files.createDirectory(part.resolveSibling(NativeLibraries.UNPACKED));
        assertTrue(run(0).contains("is complete"));
        assertEquals(List.of(), ranges);
    }
}
