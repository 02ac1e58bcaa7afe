package org.centerloss.data.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebAddressTest {
    private static final URI MIRROR = URI.create("https://example.org/a/f");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.org/",
                "HTTPS://example.org",
                "http://localhost:8000/",
                "http://127.0.0.1/",
                "http://127.1.2.3:80/",
                "http://[::1]:80/"
            })
    void httpsAndThisMachineAreAllowed(String address) {
        assertTrue(WebAddress.isAllowed(URI.create(address)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.org/",
                "http://localhost.example.org/",
                "http://127.0.0.1.example.org/",
                "http://user@example.org/",
                "http://[::2]/",
                "http://0.0.0.0/",
                "ftp://localhost/",
                "file:///etc/passwd",
                "https:nowhere",
                "https:///path",
                "//example.org/",
                "path"
            })
    void allElseIsNot(String address) {
        assertFalse(WebAddress.isAllowed(URI.create(address)));
    }

    @ParameterizedTest
    @CsvSource({
        "https://example.net/g?x=1, https://example.net/g?x=1",
        "/g, https://example.org/g",
        "g, https://example.org/a/g",
        "//example.net/g, https://example.net/g",
    })
    void httpsLeadsToHttps(String location, String expected) throws TransferException {
        assertEquals(URI.create(expected), WebAddress.redirected(MIRROR, location));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.org/a/f",
                "http://localhost:8000/f",
                "file:///f",
                "jar:https://example.org/a!/f",
                "mailto:f@example.org"
            })
    void httpsLeadsNowhereElse(String location) {
        TransferException e =
                assertThrows(
                        TransferException.class, () -> WebAddress.redirected(MIRROR, location));
        assertFalse(e.isPassing());
        assertTrue(e.getMessage().contains(location), e.getMessage());
    }

    @Test
    void placesAreHostAndPort() {
        assertEquals("example.org", WebAddress.place(MIRROR));
        assertEquals("localhost:80", WebAddress.place(URI.create("http://localhost:80/f")));
    }
}
