package org.centerloss.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UserCacheTest {
    @Test
    void itIsInTheHomeFolderWithoutAnAbsoluteXdgCacheHome() {
        Path expected = Path.of(System.getProperty("user.home"), ".cache", "centerloss");
        assertEquals(expected, UserCache.folder(Map.of()));
        assertEquals(expected, UserCache.folder(Map.of("XDG_CACHE_HOME", "relative")));
        assertEquals(expected, UserCache.folder(Map.of("XDG_CACHE_HOME", "")));
        Map<String, String> moved = Map.of("XDG_CACHE_HOME", "/cache");
        assertEquals(Path.of("/cache/centerloss"), UserCache.folder(moved));
    }

    @Test
    void theProgramsOwnVariableGoesFirst() {
        assertEquals(
                Path.of("own"),
                UserCache.folder(Map.of("XDG_CACHE_HOME", "/cache", UserCache.VARIABLE, "own")));
    }
}
