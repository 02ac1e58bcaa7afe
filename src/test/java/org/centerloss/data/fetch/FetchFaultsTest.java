package org.centerloss.data.fetch;

import static org.centerloss.data.fetch.LyingServer.answer;
import static org.centerloss.data.fetch.LyingServer.cutAt;
import static org.centerloss.data.fetch.LyingServer.file;
import static org.centerloss.data.fetch.LyingServer.redirect;
import static org.centerloss.data.fetch.LyingServer.status;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.centerloss.data.known.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a server does: a whole, verified file, or none and one line that says why. */
class FetchFaultsTest extends FetchSite {
    @Test
    void interimAnswersWithoutAnEndAreRefused() throws Exception {
        byte[] interim = "HTTP/1.1 100 Continue\r\n\r\n".repeat(1000).getBytes();
        server.at(
                "/f",
                (request, out) -> {
                    while (true) {
                        out.write(interim);
                    }
                });
        refuse("sends interim answers without an end");
    }

    @Test
    void aServerThatNeverAnswersIsLeftForTheNext() throws Exception {
        stall = Duration.ofMillis(300);
        server.at("/f", (request, out) -> Thread.sleep(5000));
        other.at("/a/b/f", file(CONTENT, TAG));
        fetchWhole();
        assertTrue(log.notices.get(0).contains("no byte for 0.3 s"), log.notices.get(0));
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 404, 500, 503, 204, 206})
    void aStatusThatIsNoFileLeadsToTheNextMirror(int code) throws Exception {
        server.at("/f", status(code));
        other.at("/a/b/f", file(CONTENT, TAG));
        fetchWhole();
        assertEquals(1, log.notices.size(), log.notices.toString());
        assertTrue(log.notices.get(0).endsWith("; trying the next mirror"), log.notices.get(0));
    }

    @Test
    void corruptBytesAreThrownAwayAndTheNextMirrorIsAsked() throws Exception {
        server.at("/f", file(Bytes.withByte(CONTENT, 100_000, 255), TAG));
        other.at("/a/b/f", file(CONTENT, TAG));
        fetchWhole();
        assertEquals(1, server.requests().size());
    }

    @Test
    void aServerThatPromisesMoreThanItSendsIsGivenUp() throws Exception {
        server.at("/f", answer("200 OK", CONTENT, "Content-Length: " + (SIZE + 1)));
        refuse("announces 300001 bytes, expected at most 300000");
        byte[] less = Arrays.copyOf(CONTENT, SIZE - 1);
        server.at("/f", answer("200 OK", less, "Content-Length: " + SIZE));
        refuse("ends the connection after byte 299999 of 300000");
    }

    @Test
    void aServerThatPromisesLessThanItSendsIsFoundOut() throws Exception {
        server.at("/f", answer("200 OK", CONTENT, "Content-Length: " + (SIZE - 1)));
        refuse("sends more than the 299999 bytes that it announced");
    }

    @Test
    void aBodyWithoutLengthIsTakenIfItIsWhole() throws Exception {
        server.at("/f", answer("200 OK", CONTENT));
        fetchWhole();
        Files.delete(folder.resolve("f"));
        server.at("/f", answer("200 OK", Arrays.copyOf(CONTENT, SIZE - 1)));
        refuse("sent something else: not the published file");
    }

    @Test
    void anEndlessBodyIsCutOffAtTheMostThatTheFileMayHave() throws Exception {
        server.at(
                "/f",
                (request, out) -> {
                    LyingServer.head(out, "200 OK");
                    for (int i = 0; i < 100_000; i++) {
                        out.write(new byte[10_000]);
                    }
                });
        refuse("sends more than the 300000 bytes that the file may have");
        assertEquals(List.of(".lock"), names());
    }

    @Test
    void aSmallFileThatUnpacksToMuchIsRefused() throws Exception {
        byte[] bomb = Bytes.gzip(new byte[100 * SIZE]);
        assertTrue(bomb.length < SIZE);
        server.at("/f", file(bomb, TAG));
        refuse("sent something else: damaged or cut off", "more than 300000 bytes");
    }

    @Test
    void aLoginPageIsNamedAsSuch() throws Exception {
        byte[] page = "<html>Log in</html>".getBytes();
        server.at("/f", answer("200 OK", page, "Content-Type: text/html; charset=utf-8"));
        refuse("sends a web page instead of the file; does this network ask for a login?");
    }

    @Test
    void somethingThatIsNoWebServerIsLeftForTheNext() throws Exception {
        server.at("/f", (request, out) -> out.write("220 mail.example ready\r\n".getBytes()));
        other.at("/a/b/f", file(CONTENT, TAG));
        fetchWhole();
    }

    @Test
    void aMirrorThatIsNotThereIsLeftForTheNext() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        other.at("/f", file(CONTENT, TAG));
        URI nobody = URI.create("http://127.0.0.1:" + free);
        fetch(List.of(nobody, other.address("/")), remote("f", CONTENT)).run();
        assertArrayEquals(CONTENT, Files.readAllBytes(folder.resolve("f")));
        assertTrue(log.notices.get(0).contains("Connection refused"), log.notices.get(0));
    }

    @Test
    void redirectsAreFollowedAndAsked() throws Exception {
        server.at("/f", redirect("/elsewhere?x=1"));
        server.at("/elsewhere?x=1", redirect(other.address("/g").toString()));
        other.at("/g", cutAt(1000, CONTENT, TAG), file(CONTENT, TAG));
        fetchWhole();
        assertEquals("bytes=1000-", other.requests().get(1).range());
    }

    @ParameterizedTest
    @CsvSource({
        "/f, redirects more than 5 times",
        "http://example.org/f, redirects to http://example.org/f: expected an https:// address",
        "file:///etc/passwd, redirects to file:///etc/passwd: expected an https:// address",
        "ftp://127.0.0.1/f, redirects to ftp://127.0.0.1/f: expected an https:// address",
        "http://127.0.0.1.example.org/, redirects to http://127.0.0.1.example.org/",
        "http://a b/, redirects to something that is no address",
    })
    void redirectsToWhereNothingMayBeFetchedAreRefused(String location, String reason)
            throws Exception {
        server.at("/f", redirect(location));
        refuse(server.place() + ": " + reason);
    }

    @Test
    void aRedirectToNowhereIsRefused() throws Exception {
        server.at("/f", answer("301 Moved", new byte[0], "Content-Length: 0"));
        refuse("redirects without saying where to");
    }
}
