package org.centerloss.data.fetch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.centerloss.data.known.Bytes;
import org.centerloss.data.known.Refusal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A folder to fetch a file into, and two mirrors that a test tells what to do. */
abstract class FetchSite {
    static final int SIZE = 300_000;
    static final byte[] CONTENT = Bytes.idxImages(1, 1, SIZE - 16);
    static final String TAG = "\"first\"";

    @TempDir Path root;
    final LyingServer server = new LyingServer();
    final LyingServer other = new LyingServer();
    final Log log = new Log();
    Path folder;
    Duration stall = Duration.ofSeconds(5);

    /** Keeps what it is told. */
    static final class Log implements FetchListener {
        final List<String> notices = new ArrayList<>();
        final CountDownLatch noticed = new CountDownLatch(1);
        final List<Long> starts = new ArrayList<>();
        long received;

        @Override
        public void started(String file, String place, long have, long total) {
            starts.add(have);
        }

        @Override
        public void received(long bytes) {
            received = bytes;
        }

        @Override
        public void ended() {}

        @Override
        public synchronized void notice(String line) {
            notices.add(line);
            noticed.countDown();
        }
    }

    @BeforeEach
    void setUp() {
        folder = root.resolve("set");
    }

    @AfterEach
    void closeServers() {
        server.close();
        other.close();
    }

    static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    static RemoteFile remote(String name, byte[] content) throws Exception {
        String sha256 = sha256(content);
        return new RemoteFile(
                name,
                content.length,
                place ->
                        Stream.of(place.resolve("plain-" + name), place.resolve(name))
                                .filter(Files::exists)
                                .findFirst(),
                path -> RemoteDataset.checkContent(path, content.length, sha256));
    }

    FetchSettings settings() {
        return new FetchSettings(
                List.of(), Duration.ofSeconds(5), stall, 3, Duration.ofMillis(1), Map.of());
    }

    Fetch fetch(List<URI> mirrors, RemoteFile... files) {
        return new Fetch(
                new RemoteDataset("set", mirrors, List.of(files)), folder, settings(), log);
    }

    /** Fetches the file from the server, then from the other one. */
    Fetch.Outcome run() throws Exception {
        return fetch(List.of(server.address("/"), other.address("/a/b")), remote("f", CONTENT))
                .run();
    }

    void fetchWhole() throws Exception {
        assertEquals(new Fetch.Outcome(folder, 1, 1), run());
        assertArrayEquals(CONTENT, Files.readAllBytes(folder.resolve("f")));
        assertEquals(List.of(".lock", "f"), names());
        assertEquals(SIZE, log.received);
    }

    List<String> names() throws IOException {
        try (Stream<Path> content = Files.list(folder)) {
            return content.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    /** Both servers fail; that is said in one line, and there is no file. */
    void refuse(String... facts) throws Exception {
        Refusal.of(this::run, facts);
        assertFalse(names().contains("f"), names().toString());
    }

    List<String> ranges() {
        return server.requests().stream().map(LyingServer.Request::range).toList();
    }
}
