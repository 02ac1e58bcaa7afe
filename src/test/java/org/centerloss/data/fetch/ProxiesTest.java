package org.centerloss.data.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.Map;
import org.centerloss.base.InputException;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxiesTest {
    private static final URI MIRROR = URI.create("https://data.example.org/mnist");

    @ParameterizedTest
    @CsvSource({
        "http://proxy.example.org:3128, proxy.example.org, 3128",
        "http://proxy.example.org:3128/, proxy.example.org, 3128",
        "10.0.0.1:80, 10.0.0.1, 80",
    })
    void theEnvironmentNamesTheProxy(String value, String host, int port) {
        for (String name : new String[] {"https_proxy", "HTTPS_PROXY"}) {
            Proxy proxy = new Proxies(Map.of(name, value)).of(MIRROR);
            assertEquals(Proxy.Type.HTTP, proxy.type());
            InetSocketAddress address = (InetSocketAddress) proxy.address();
            assertEquals(host, address.getHostString());
            assertEquals(port, address.getPort());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"*", "data.example.org", "example.org", ".example.org", "a.b, .EXAMPLE.org"})
    void exceptionsAreReachedDirectly(String exceptions) {
        Map<String, String> environment =
                Map.of("https_proxy", "http://proxy:3128", "no_proxy", exceptions);
        assertEquals(Proxy.NO_PROXY, new Proxies(environment).of(MIRROR));
    }

    @Test
    void aHostThatOnlyEndsLikeAnExceptionIsNone() {
        Map<String, String> environment =
                Map.of("https_proxy", "http://proxy:3128", "no_proxy", "ample.org,other.org");
        assertEquals(Proxy.Type.HTTP, new Proxies(environment).of(MIRROR).type());
    }

    @Test
    void thisMachineAndAnEmptyEnvironmentNeedNoProxy() {
        Proxies proxies = new Proxies(Map.of("https_proxy", "http://proxy:3128"));
        assertEquals(Proxy.NO_PROXY, proxies.of(URI.create("http://localhost:8000/")));
        assertEquals(Proxy.NO_PROXY, new Proxies(Map.of()).of(MIRROR));
        assertEquals(Proxy.NO_PROXY, new Proxies(Map.of("https_proxy", "")).of(MIRROR));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://user:secret@proxy:3128",
                "socks5://secret:1080",
                "secret",
                "http://secret:99999"
            })
    void aProxyThatCannotBeUsedIsRefusedWithoutShowingAPassword(String value) {
        Proxies proxies = new Proxies(Map.of("https_proxy", value));
        InputException e = Assertions.assertThrows(InputException.class, () -> proxies.of(MIRROR));
        assertFalse(e.getMessage().contains("secret"), e.getMessage());
    }
}
