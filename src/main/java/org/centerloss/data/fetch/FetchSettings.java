package org.centerloss.data.fetch;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.centerloss.base.InputException;

/**
 * How to download.
 *
 * @param mirrors addresses of folders to ask instead of the known mirrors; each holds a folder with
 *     the data set's name, as the user's cache does
 * @param connectTimeout how long a connection may take to be made
 * @param stallTimeout how long a connection may bring nothing
 * @param attempts how often a mirror may fail in a row without bringing anything new
 * @param pause wait before a mirror is asked again; doubled each time in a row
 * @param environment where https_proxy and no_proxy are looked up
 */
public record FetchSettings(
        List<URI> mirrors,
        Duration connectTimeout,
        Duration stallTimeout,
        int attempts,
        Duration pause,
        Map<String, String> environment) {
    /** The known mirrors, 10 s to connect, 30 s without a byte, three tries, one second. */
    public static final FetchSettings DEFAULT =
            new FetchSettings(
                    List.of(),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    3,
                    Duration.ofSeconds(1),
                    System.getenv());

    public FetchSettings {
        mirrors = List.copyOf(mirrors);
        for (URI mirror : mirrors) {
            if (!WebAddress.isAllowed(mirror)) {
                throw new InputException(
                        "mirror %s: expected an https:// address (http:// only on this machine: http://localhost:8000)"
                                .formatted(mirror));
            }
        }
    }

    /** These settings with other mirrors and stall timeout. */
    public FetchSettings with(List<URI> newMirrors, Duration newStallTimeout) {
        return new FetchSettings(
                newMirrors, connectTimeout, newStallTimeout, attempts, pause, environment);
    }
}
