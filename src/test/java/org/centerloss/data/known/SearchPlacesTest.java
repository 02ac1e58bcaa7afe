package org.centerloss.data.known;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchPlacesTest {
    @TempDir Path folder;

    @Test
    void placesAreInOrder() {
        assertEquals(
                List.of(
                        folder.resolve("mnist"),
                        folder,
                        Path.of("/data/mnist"),
                        Path.of("/data"),
                        Path.of("/cache/centerloss/mnist"),
                        Path.of("/cache/centerloss"),
                        Path.of("/usr/share/datasets/mnist")),
                SearchPlaces.of(
                        "mnist",
                        folder,
                        Map.of("CENTERLOSS_DATA", "/data", "XDG_CACHE_HOME", "/cache")));
    }

    @Test
    void missingDataDirIsRefused() {
        Refusal.of(
                () -> SearchPlaces.of("mnist", folder.resolve("nothing"), Map.of()),
                "--data-dir",
                "nothing: no such folder");
    }
}
