package org.centerloss.data.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.centerloss.base.InputException;
import org.centerloss.data.folder.PartFile;

/**
 * One request to one mirror: brings a file, or the rest of it, behind what its part file has.
 * Follows RFC 9110: Range with If-Range, so a file that has changed is sent whole. {@link
 * HttpURLConnection} serves here for its read timeout, which is how long nothing may arrive.
 */
final class Transfer {
    private static final int MAX_REDIRECTS = 5;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int PARTIAL = HttpURLConnection.HTTP_PARTIAL;
    private static final int RANGE_REFUSED = 416;
    private static final Pattern CONTENT_RANGE =
            Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

    private final URI address;
    private final RemoteFile file;
    private final PartFile part;
    private final FetchSettings settings;
    private final FetchListener listener;

    Transfer(
            URI address,
            RemoteFile file,
            PartFile part,
            FetchSettings settings,
            FetchListener listener) {
        this.address = address;
        this.file = file;
        this.part = part;
        this.settings = settings;
        this.listener = listener;
    }

    /**
     * Brings the file to its end, as far as the mirror tells where that is.
     *
     * @return whether some of the bytes are from an earlier request
     * @throws TransferException where the mirror fails; what arrived stays if it can be gone on
     *     with
     */
    boolean run() throws TransferException {
        PartFile.Origin origin = part.origin();
        long have = 0;
        if (origin != null && origin.address().equals(address)) {
            have = part.bytes();
            if (have == origin.total()) {
                return true;
            }
        }
        HttpURLConnection connection = ask(have > 0 ? origin : null, have);
        try {
            return receive(connection, origin, have);
        } finally {
            connection.disconnect();
        }
    }

    /** Sends the request and follows redirects. */
    private HttpURLConnection ask(PartFile.Origin origin, long have) throws TransferException {
        URI at = address;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            HttpURLConnection connection = connect(at, origin, have);
            if (!REDIRECTS.contains(status(connection))) {
                return connection;
            }
            String location = connection.getHeaderField("Location");
            connection.disconnect();
            at = WebAddress.redirected(at, location);
        }
        throw TransferException.lasting("redirects more than %d times".formatted(MAX_REDIRECTS));
    }

    private HttpURLConnection connect(URI at, PartFile.Origin origin, long have)
            throws TransferException {
        Proxy proxy = new Proxies(settings.environment()).of(at);
        try {
            HttpURLConnection connection = (HttpURLConnection) at.toURL().openConnection(proxy);
            connection.setInstanceFollowRedirects(false);
            connection.setUseCaches(false);
            connection.setConnectTimeout((int) settings.connectTimeout().toMillis());
            connection.setReadTimeout((int) settings.stallTimeout().toMillis());
            connection.setRequestProperty("User-Agent", "centerloss");
            connection.setRequestProperty("Accept", "*/*");
            connection.setRequestProperty("Accept-Encoding", "identity");
            if (origin != null) {
                connection.setRequestProperty("Range", "bytes=%d-".formatted(have));
                connection.setRequestProperty("If-Range", origin.version());
            }
            connection.connect();
            return connection;
        } catch (IOException | IllegalArgumentException e) {
            String through =
                    proxy.equals(Proxy.NO_PROXY) ? "" : "through proxy " + proxy.address() + ": ";
            throw TransferException.lasting(through + reason(e));
        } catch (StackOverflowError e) {
            throw endless();
        }
    }

    /** Java's client takes interim answers, such as 100 Continue, by calling itself. */
    private static TransferException endless() {
        return TransferException.lasting("sends interim answers without an end");
    }

    private int status(HttpURLConnection connection) throws TransferException {
        try {
            int status = connection.getResponseCode();
            if (status < 0) {
                throw TransferException.lasting("does not answer in HTTP");
            }
            return status;
        } catch (IOException e) {
            throw TransferException.passing(reason(e));
        } catch (StackOverflowError e) {
            throw endless();
        }
    }

    private boolean receive(HttpURLConnection connection, PartFile.Origin origin, long have)
            throws TransferException {
        int status = status(connection);
        if (have > 0 && status == RANGE_REFUSED) {
            throw restart("has no bytes after byte %d".formatted(have));
        }
        boolean resumed = have > 0 && status == PARTIAL;
        if (!resumed && status != HttpURLConnection.HTTP_OK) {
            throw TransferException.lasting("HTTP " + status);
        }
        String type = connection.getContentType();
        if (type != null && type.toLowerCase(Locale.ROOT).startsWith("text/html")) {
            throw TransferException.lasting(
                    "sends a web page instead of the file; does this network ask for a login?");
        }
        long total = connection.getContentLengthLong();
        if (resumed) {
            requireContinuation(connection, origin, have);
            total = origin.total();
        }
        if (total > file.maxBytes()) {
            throw TransferException.lasting(
                    "announces %d bytes, expected at most %d".formatted(total, file.maxBytes()));
        }
        String version = version(connection);
        try (PartFile.Appender end =
                resumed
                        ? part.append()
                        : part.startAnew(
                                version == null || total < 0
                                        ? null
                                        : new PartFile.Origin(address, version, total))) {
            listener.started(file.name(), WebAddress.place(address), resumed ? have : 0, total);
            copy(connection, end, resumed ? have : 0, total);
        } finally {
            listener.ended();
        }
        return resumed;
    }

    /** Checks that what is sent goes on where the part ends, and is of the same version. */
    private void requireContinuation(
            HttpURLConnection connection, PartFile.Origin origin, long have)
            throws TransferException {
        String range = connection.getHeaderField("Content-Range");
        Matcher numbers = CONTENT_RANGE.matcher(range == null ? "" : range);
        boolean continues =
                numbers.matches()
                        && Long.parseLong(numbers.group(1)) == have
                        && Long.parseLong(numbers.group(2)) == origin.total() - 1
                        && Long.parseLong(numbers.group(3)) == origin.total();
        if (!continues) {
            throw restart(
                    "sends another part than asked for: Content-Range: expected bytes %d-%d/%d, found %s"
                            .formatted(have, origin.total() - 1, origin.total(), oneLine(range)));
        }
        String version = version(connection);
        if (version != null && !version.equals(origin.version())) {
            throw restart("the file has changed since its first part came");
        }
    }

    private TransferException restart(String reason) {
        part.discard();
        return TransferException.passing(reason);
    }

    private void copy(HttpURLConnection connection, PartFile.Appender end, long from, long total)
            throws TransferException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long bytes = from;
        try (InputStream in = connection.getInputStream()) {
            for (int count; (count = in.read(buffer)) >= 0; ) {
                bytes += count;
                requireRoomFor(bytes, total);
                end.append(buffer, count);
                listener.received(bytes);
            }
        } catch (IOException e) {
            throw TransferException.passing(
                    "%s after byte %d%s".formatted(reason(e), bytes, of(total)));
        }
        if (total >= 0 && bytes != total) {
            throw TransferException.passing(
                    "ends the connection after byte %d%s".formatted(bytes, of(total)));
        }
    }

    private void requireRoomFor(long bytes, long total) throws TransferException {
        if (total >= 0 && bytes > total) {
            part.discard();
            throw TransferException.lasting(
                    "sends more than the %d bytes that it announced".formatted(total));
        }
        if (bytes > file.maxBytes()) {
            part.discard();
            throw TransferException.lasting(
                    "sends more than the %d bytes that the file may have"
                            .formatted(file.maxBytes()));
        }
    }

    private static String of(long total) {
        return total < 0 ? "" : " of " + total;
    }

    /** The mirror's name for what it sends: a strong ETag, else the time of change, else null. */
    private static String version(HttpURLConnection connection) {
        String tag = connection.getHeaderField("ETag");
        return tag != null && !tag.startsWith("W/")
                ? tag
                : connection.getHeaderField("Last-Modified");
    }

    private static String oneLine(String header) {
        return header == null ? "nothing" : header.replaceAll("\\p{Cntrl}", " ");
    }

    /** A failure in few words. */
    private String reason(Exception e) {
        if (e instanceof UnknownHostException) {
            return "host not found";
        }
        if (e instanceof SocketTimeoutException) {
            boolean connecting = String.valueOf(e.getMessage()).contains("onnect");
            return connecting
                    ? "no connection within " + seconds(settings.connectTimeout())
                    : "no byte for " + seconds(settings.stallTimeout());
        }
        String reason = InputException.reason(e);
        return e instanceof SSLException ? "TLS: " + reason : reason;
    }

    private static String seconds(Duration duration) {
        return "%.3f".formatted(duration.toMillis() / 1000.0).replaceFirst("\\.?0+$", "") + " s";
    }
}
