package org.centerloss.data.fetch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * A web server on this machine that answers as a test tells it to, well or badly. It closes the
 * connection after each answer.
 */
public final class LyingServer implements AutoCloseable {
    /** What it does with a request. */
    public interface Answer {
        void to(Request request, OutputStream out) throws IOException, InterruptedException;
    }

    /** A request: its first line, the path in it, and its headers by name in small letters. */
    public record Request(String line, String path, Map<String, String> headers) {
        public String range() {
            return headers.get("range");
        }
    }

    private final ServerSocket socket;
    private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    public LyingServer() {
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    public int port() {
        return socket.getLocalPort();
    }

    public String place() {
        return "127.0.0.1:" + port();
    }

    public URI address(String path) {
        return URI.create("http://" + place() + path);
    }

    /** Answers requests for a path: one after the other, the last one for ever. */
    public LyingServer at(String path, Answer... inTurn) {
        answers.put(path, new ArrayDeque<>(Arrays.asList(inTurn)));
        return this;
    }

    /** What was asked so far. */
    public List<Request> requests() {
        return Collections.unmodifiableList(requests);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "lying-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                start(() -> serve(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(
                                    connection.getInputStream(), StandardCharsets.ISO_8859_1));
            String first = in.readLine();
            if (first == null) {
                return;
            }
            Map<String, String> headers = new TreeMap<>();
            for (String line; (line = in.readLine()) != null && !line.isEmpty(); ) {
                String[] parts = line.split(": *", 2);
                headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1]);
            }
            Request request = new Request(first, first.split(" ")[1], headers);
            requests.add(request);
            OutputStream out = connection.getOutputStream();
            next(request.path()).to(request, out);
            out.flush();
        } catch (IOException e) {
            // The client has hung up, as it does on what it refuses.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Answer next(String path) {
        Deque<Answer> inTurn = answers.getOrDefault(path, new ArrayDeque<>(List.of(status(404))));
        synchronized (inTurn) {
            return inTurn.size() > 1 ? inTurn.poll() : inTurn.peek();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Status line and headers, and no body unless more is written. */
    public static void head(OutputStream out, String status, String... headers) throws IOException {
        StringBuilder text = new StringBuilder("HTTP/1.1 " + status + "\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        text.append("Connection: close\r\n\r\n");
        out.write(text.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    public static Answer status(int code) {
        return (request, out) -> head(out, code + " As Told", "Content-Length: 0");
    }

    public static Answer redirect(String location) {
        return (request, out) ->
                head(out, "302 Found", "Content-Length: 0", "Location: " + location);
    }

    /** The headers given, then these bytes, then the end of the connection. */
    public static Answer answer(String status, byte[] body, String... headers) {
        return (request, out) -> {
            head(out, status, headers);
            out.write(body);
        };
    }

    /** A well-behaved file with an ETag: in parts where a part is asked for. */
    public static Answer file(byte[] content, String tag) {
        return (request, out) -> sendUpTo(content.length, content, tag, request, out);
    }

    /** As {@link #file}, but the connection breaks once byte {@code end} of the file is sent. */
    public static Answer cutAt(int end, byte[] content, String tag) {
        return (request, out) -> sendUpTo(end, content, tag, request, out);
    }

    /** As {@link #file}, but nothing more comes after byte {@code end} of the file. */
    public Answer stallAt(int end, byte[] content, String tag) {
        return (request, out) -> {
            sendUpTo(end, content, tag, request, out);
            out.flush();
            closed.await();
        };
    }

    private static void sendUpTo(
            int end, byte[] content, String tag, Request request, OutputStream out)
            throws IOException {
        int from = 0;
        String range = request.range();
        if (range != null && tag.equals(request.headers().get("if-range"))) {
            from = Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
            head(
                    out,
                    "206 Partial Content",
                    "Content-Range: bytes %d-%d/%d"
                            .formatted(from, content.length - 1, content.length),
                    "Content-Length: " + (content.length - from),
                    "ETag: " + tag);
        } else {
            head(out, "200 OK", "Content-Length: " + content.length, "ETag: " + tag);
        }
        out.write(content, from, Math.max(0, end - from));
    }
}
