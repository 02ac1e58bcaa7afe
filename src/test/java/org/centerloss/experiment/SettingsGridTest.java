package org.centerloss.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettingsGridTest {
    @Test
    void combinationsChangeTheLastOptionFirst() {
        Map<String, List<String>> values = new LinkedHashMap<>();
        values.put("lr", List.of("0.1", "0.2"));
        values.put("loss", List.of("cent"));
        values.put("seed", List.of("1", "2"));
        assertEquals(
                List.of(
                        "lr=0.1 loss=cent seed=1",
                        "lr=0.1 loss=cent seed=2",
                        "lr=0.2 loss=cent seed=1",
                        "lr=0.2 loss=cent seed=2"),
                new SettingsGrid(values).combinations().stream().map(SettingsGrid::text).toList());
    }

    private static List<String> folders(Map<String, List<String>> values) {
        return List.copyOf(new SettingsGrid(values).folders().values());
    }

    @Test
    void aFolderIsNamedWithoutWhatAPathOrAShellWouldMisread() {
        Map<String, List<String>> values = new LinkedHashMap<>();
        values.put("dataset", List.of("./my photos"));
        values.put("lr", List.of("1e-3"));
        assertEquals(List.of("dataset=.-my_photos_lr=1e-3"), folders(values));
    }

    @Test
    void eachCombinationHasAFolderOfItsOwn() {
        assertEquals(
                List.of("dataset=x-y", "dataset=x-y-2", "dataset=x-y-3", "dataset=x-y-2-2"),
                folders(Map.of("dataset", List.of("x@y", "x#y", "x-y", "x-y-2"))));
        Map<String, List<String>> values = new LinkedHashMap<>();
        values.put("init", List.of("x", "x_seed=1"));
        values.put("seed", List.of("1_seed=1", "1"));
        assertEquals(4, Set.copyOf(folders(values)).size(), folders(values).toString());
    }

    @Test
    void aNameStaysWithinWhatFileSystemsTake() {
        String path = "/somewhere".repeat(50);
        List<String> names = folders(Map.of("dataset", List.of(path + "a", path + "b")));
        assertEquals(2, Set.copyOf(names).size());
        assertTrue(names.stream().allMatch(name -> name.length() < 210), names.toString());
    }
}
