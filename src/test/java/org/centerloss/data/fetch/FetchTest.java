package org.centerloss.data.fetch;

import static org.centerloss.data.fetch.LyingServer.answer;
import static org.centerloss.data.fetch.LyingServer.file;
import static org.centerloss.data.fetch.LyingServer.status;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.centerloss.data.known.Bytes;
import org.centerloss.data.known.Refusal;
import org.junit.jupiter.api.Test;

/** What is there, what is fetched, from where, and what a user is told. */
class FetchTest extends FetchSite {
    @Test
    void aFileIsFetchedVerifiedAndNamed() throws Exception {
        server.at("/f", file(CONTENT, TAG));
        fetchWhole();
        assertEquals(List.of(0L), log.starts);
        assertEquals(List.of(), log.notices);
    }

    @Test
    void whatIsThereAndVerifiedIsNotFetchedAgain() throws Exception {
        server.at("/f", file(CONTENT, TAG));
        fetchWhole();
        assertEquals(new Fetch.Outcome(folder, 0, 1), run());
        Files.move(folder.resolve("f"), folder.resolve("plain-f"));
        assertEquals(new Fetch.Outcome(folder, 0, 1), run());
        assertEquals(1, server.requests().size());
    }

    @Test
    void aDamagedFileIsReplacedWithANoticeButNeverLostForNothing() throws Exception {
        Bytes.write(folder, "f", Bytes.withByte(CONTENT, 99, 1));
        Refusal.of(this::run, "f cannot be fetched");
        assertEquals(1, Files.readAllBytes(folder.resolve("f"))[99]);
        server.at("/f", file(CONTENT, TAG));
        log.notices.clear();
        fetchWhole();
        assertTrue(log.notices.get(0).startsWith("fetching f anew: "), log.notices.get(0));
    }

    @Test
    void aDamagedFileInAFormThatIsReadFirstIsLeftToTheUser() throws Exception {
        Bytes.write(folder, "plain-f", Bytes.withByte(CONTENT, 99, 1));
        Refusal.of(this::run, "plain-f: not the published file", "move it away first");
        assertEquals(List.of(), server.requests());
    }

    @Test
    void theMirrorThatGaveAFileIsAskedFirstForTheNext() throws Exception {
        other.at("/a/b/f", file(CONTENT, TAG)).at("/a/b/g", file(CONTENT, TAG));
        Fetch fetch =
                fetch(
                        List.of(server.address("/"), other.address("/a/b/")),
                        remote("f", CONTENT),
                        remote("g", CONTENT));
        assertEquals(new Fetch.Outcome(folder, 2, 2), fetch.run());
        assertEquals(1, server.requests().size());
    }

    @Test
    void whenEveryMirrorFailsOneLineNamesEachWithItsReasonAndTheRemedy() throws Exception {
        server.at("/f", status(503));
        other.at("/a/b/f", answer("200 OK", new byte[5], "Content-Length: 5"));
        refuse(
                "data set set: f cannot be fetched: " + server.place() + ": HTTP 503; ",
                other.place() + ": sent something else: not the published file: SHA-256",
                "expected " + sha256(CONTENT) + ", found " + sha256(new byte[5]),
                "try again later, or put f into " + folder + " by hand");
        assertEquals(List.of(".lock"), names());
    }

    @Test
    void contentIsWhatCountsPackedOrNot() throws Exception {
        server.at("/f", file(Bytes.gzip(CONTENT), TAG));
        assertEquals(1, run().fetched());
        assertEquals(0, run().fetched());
    }

    @Test
    void twoAtOnceFetchOnce() throws Exception {
        stall = Duration.ofSeconds(60);
        server.at("/f", lateEnough());
        Fetch.Outcome[] outcomes = new Fetch.Outcome[2];
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int index = i;
            Fetch fetch = fetch(List.of(server.address("/")), remote("f", CONTENT));
            threads.add(new Thread(() -> outcomes[index] = fetch.run()));
        }
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(1, outcomes[0].fetched() + outcomes[1].fetched());
        assertEquals(1, server.requests().size());
        assertEquals(List.of(folder + ": another process fetches into it, waiting"), log.notices);
        assertArrayEquals(CONTENT, Files.readAllBytes(folder.resolve("f")));
    }

    /** Answers when somebody has been told that he waits. */
    private LyingServer.Answer lateEnough() {
        return (request, out) -> {
            log.noticed.await();
            file(CONTENT, TAG).to(request, out);
        };
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws Exception {
        Files.writeString(folder, "a file");
        Refusal.of(this::run, folder + ": files cannot be put there");
    }

    @Test
    void aPartThatCannotBeWrittenIsNotBlamedOnTheMirror() throws Exception {
        Files.createDirectories(folder.resolve("f.part").resolve("in the way"));
        server.at("/f", file(CONTENT, TAG));
        Refusal.of(this::run, "f.part: cannot be written");
        assertEquals(List.of(), other.requests());
    }

    @Test
    void onlyThisMachineMayBeAskedWithoutHttps() {
        for (String mirror : List.of("http://example.org/", "file:///tmp", "mirror", "https:/x")) {
            Refusal.of(
                    () -> FetchSettings.DEFAULT.with(List.of(URI.create(mirror)), Duration.ZERO),
                    mirror,
                    "expected an https:// address");
        }
    }
}
