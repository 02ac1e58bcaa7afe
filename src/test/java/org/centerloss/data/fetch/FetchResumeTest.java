package org.centerloss.data.fetch;

import static org.centerloss.data.fetch.LyingServer.answer;
import static org.centerloss.data.fetch.LyingServer.cutAt;
import static org.centerloss.data.fetch.LyingServer.file;
import static org.centerloss.data.fetch.LyingServer.status;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.centerloss.data.folder.PartFile;
import org.centerloss.data.known.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Broken downloads are gone on with, and only with more of the same file. */
class FetchResumeTest extends FetchSite {
    @Test
    void aConnectionThatBreaksTwiceIsGoneOnWith() throws Exception {
        server.at("/f", cutAt(1000, CONTENT, TAG), cutAt(2500, CONTENT, TAG), file(CONTENT, TAG));
        fetchWhole();
        assertEquals(Arrays.asList(null, "bytes=1000-", "bytes=2500-"), ranges());
        assertEquals(TAG, server.requests().get(2).headers().get("if-range"));
        assertEquals(List.of(0L, 1000L, 2500L), log.starts);
        String broken = "ends the connection after byte 1000 of 300000";
        assertTrue(log.notices.get(0).contains(broken), log.notices.get(0));
    }

    @Test
    void aConnectionThatBreaksOftenIsGoneOnWithAsLongAsBytesCome() throws Exception {
        LyingServer.Answer[] answers = new LyingServer.Answer[7];
        for (int i = 0; i < 6; i++) {
            answers[i] = cutAt(1000 * (i + 1), CONTENT, TAG);
        }
        answers[6] = file(CONTENT, TAG);
        server.at("/f", answers);
        fetchWhole();
    }

    @Test
    void aLaterRunGoesOnWhereThisOneGaveUp() throws Exception {
        server.at("/f", cutAt(1000, CONTENT, TAG));
        refuse("127.0.0.1", "ends the connection after byte 1000 of 300000");
        assertTrue(names().contains("f.part"), names().toString());
        server.at("/f", file(CONTENT, TAG));
        fetchWhole();
        assertEquals("bytes=1000-", ranges().get(ranges().size() - 1));
    }

    @Test
    void aLaterRunAsksTheMirrorFirstThatThePartIsFrom() throws Exception {
        server.at("/f", status(404));
        other.at("/a/b/f", cutAt(1000, CONTENT, TAG));
        refuse("HTTP 404", "after byte 1000");
        server.at("/f", file(CONTENT, TAG));
        other.at("/a/b/f", file(CONTENT, TAG));
        fetchWhole();
        assertEquals(1, server.requests().size());
    }

    @Test
    void aWholePartIsVerifiedWithoutARequest() throws Exception {
        new PartFile(Files.createDirectories(folder).resolve("f"))
                .startAnew(new PartFile.Origin(server.address("/f"), TAG, SIZE))
                .close();
        Bytes.write(folder, "f.part", CONTENT);
        assertEquals(1, run().fetched());
        assertArrayEquals(CONTENT, Files.readAllBytes(folder.resolve("f")));
        assertEquals(List.of(), server.requests());
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, SIZE})
    void aPartThatWasDamagedOnDiskIsFetchedAnew(int bytes) throws Exception {
        new PartFile(Files.createDirectories(folder).resolve("f"))
                .startAnew(new PartFile.Origin(server.address("/f"), TAG, SIZE))
                .close();
        Bytes.write(folder, "f.part", new byte[bytes]);
        server.at("/f", file(CONTENT, TAG));
        fetchWhole();
        assertNull(ranges().get(ranges().size() - 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "one line", "http://127.0.0.1/f\n\"first\"\nmany", "::\n\n5"})
    void aPartWhoseOriginIsUnreadableIsFetchedAnew(String origin) throws Exception {
        Bytes.write(folder, "f.part", new byte[1000]);
        Bytes.write(folder, "f.part.origin", origin.getBytes());
        server.at("/f", file(CONTENT, TAG));
        fetchWhole();
        assertEquals(Arrays.asList((String) null), ranges());
    }

    /** Whoever may write into the folder could have it write into files of others. */
    @Test
    void aLinkInThePlaceOfAPartIsNotWrittenThrough() throws Exception {
        Path part = Bytes.write(root, "part", new byte[1000]);
        Path origin =
                Files.writeString(
                        root.resolve("origin"),
                        "%s\n%s\n%d\n".formatted(server.address("/f"), TAG, SIZE));
        Files.createSymbolicLink(Files.createDirectories(folder).resolve("f.part"), part);
        Bytes.write(folder, "f.part.origin", Files.readAllBytes(origin));
        server.at("/f", file(CONTENT, TAG));
        fetchWhole();
        assertEquals(1000, Files.size(part));

        Files.delete(folder.resolve("f"));
        Bytes.write(folder, "f.part", new byte[1000]);
        String before = Files.readString(origin);
        Files.createSymbolicLink(folder.resolve("f.part.origin"), origin);
        fetchWhole();
        assertEquals(before, Files.readString(origin));
        assertEquals(Arrays.asList(null, null), ranges());
    }

    @Test
    void aLinkInThePlaceOfTheLockIsRefused() throws Exception {
        Path target = root.resolve("target");
        Files.createSymbolicLink(Files.createDirectories(folder).resolve(".lock"), target);
        refuse(folder + ": files cannot be put there: ");
        assertFalse(Files.exists(target));
    }

    @Test
    void aServerThatIgnoresRangesSendsTheWholeFileAgain() throws Exception {
        server.at(
                "/f",
                cutAt(1000, CONTENT, TAG),
                answer("200 OK", CONTENT, "Content-Length: " + SIZE, "ETag: " + TAG));
        fetchWhole();
        assertEquals(List.of(0L, 0L), log.starts);
    }

    @Test
    void aFileThatChangesBetweenTwoTriesIsFetchedFromItsStart() throws Exception {
        byte[] old = Bytes.withByte(CONTENT, 20, 7);
        server.at("/f", cutAt(1000, old, "\"old\""), file(CONTENT, TAG));
        fetchWhole();
        assertEquals(Arrays.asList(null, "bytes=1000-"), ranges());
        assertEquals(List.of(0L, 0L), log.starts);
    }

    @Test
    void aServerThatGoesOnWithAChangedFileIsAskedForTheWhole() throws Exception {
        byte[] old = Bytes.withByte(CONTENT, 20, 7);
        server.at(
                "/f", cutAt(1000, old, "\"old\""), part(1000, SIZE - 1, SIZE), file(CONTENT, TAG));
        fetchWhole();
        assertEquals(Arrays.asList(null, "bytes=1000-", null), ranges());
        assertTrue(log.notices.get(1).contains("has changed"), log.notices.get(1));
    }

    private static LyingServer.Answer part(int from, int to, int total) {
        return answer(
                "206 Partial Content",
                Arrays.copyOfRange(CONTENT, from, to + 1),
                "Content-Length: " + (to + 1 - from),
                "Content-Range: bytes %d-%d/%d".formatted(from, to, total),
                "ETag: " + TAG);
    }

    @ParameterizedTest
    @CsvSource({
        "999, 299999, 300000",
        "1001, 299999, 300000",
        "1000, 2000, 300000",
        "1000, 299999, 300001"
    })
    void aPartOtherThanAskedForIsRefusedAndTheWholeAskedFor(int from, int to, int total)
            throws Exception {
        server.at("/f", cutAt(1000, CONTENT, TAG), part(from, to, total), file(CONTENT, TAG));
        fetchWhole();
        assertEquals(Arrays.asList(null, "bytes=1000-", null), ranges());
        assertTrue(log.notices.get(1).contains("Content-Range: expected bytes 1000-299999/300000"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Content-Range: nonsense", "X: no range", "Content-Range: bytes */300000"})
    void aPartWithoutItsRangeIsRefusedAndTheWholeAskedFor(String header) throws Exception {
        server.at(
                "/f",
                cutAt(1000, CONTENT, TAG),
                answer("206 Partial Content", CONTENT, "Content-Length: " + SIZE, header),
                file(CONTENT, TAG));
        fetchWhole();
    }

    @Test
    void aRangeThatTheServerRefusesIsAskedForAsAWhole() throws Exception {
        server.at("/f", cutAt(1000, CONTENT, TAG), status(416), file(CONTENT, TAG));
        fetchWhole();
        assertNull(ranges().get(2));
    }

    @Test
    void withoutAStrongVersionNothingIsGoneOnWith() throws Exception {
        String length = "Content-Length: " + SIZE;
        byte[] cut = Arrays.copyOf(CONTENT, 1000);
        server.at(
                "/f",
                answer("200 OK", cut, length),
                answer("200 OK", cut, length, "ETag: W/\"weak\""),
                file(CONTENT, TAG));
        fetchWhole();
        assertEquals(Arrays.asList(null, null, null), ranges());
    }

    @Test
    void theTimeOfChangeServesAsVersionToo() throws Exception {
        String date = "Sun, 07 Jun 2009 01:02:03 GMT";
        server.at(
                "/f",
                answer(
                        "200 OK",
                        Arrays.copyOf(CONTENT, 1000),
                        "Content-Length: " + SIZE,
                        "Last-Modified: " + date,
                        "ETag: W/\"weak\""),
                file(CONTENT, date));
        fetchWhole();
        assertEquals("bytes=1000-", ranges().get(1));
    }

    @Test
    void aStalledConnectionIsGivenUpAndGoneOnWith() throws Exception {
        stall = Duration.ofMillis(300);
        server.at("/f", server.stallAt(1000, CONTENT, TAG), file(CONTENT, TAG));
        fetchWhole();
        String stalled = "no byte for 0.3 s after byte 1000 of 300000";
        assertTrue(log.notices.get(0).contains(stalled), log.notices.get(0));
    }
}
