package org.centerloss.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    @Test
    void aFolderIsNamedWithoutWhatAPathOrAShellWouldMisread() {
        Map<String, String> combination = new LinkedHashMap<>();
        combination.put("dataset", "./my photos");
        combination.put("lr", "1e-3");
        assertEquals("dataset=.-my_photos_lr=1e-3", SettingsGrid.folder(combination));
    }
}
