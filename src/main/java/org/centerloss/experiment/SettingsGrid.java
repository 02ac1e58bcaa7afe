package org.centerloss.experiment;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A grid of settings: {@code lr=0.01,0.003 weight-inter=0.05,0.1} has four combinations.
 *
 * @param values of each option, by its name without dashes
 */
public record SettingsGrid(Map<String, List<String>> values) {
    /** File systems take names of 255 bytes. */
    private static final int LONGEST_NAME = 200;

    /** The options' names. */
    public List<String> options() {
        return List.copyOf(values.keySet());
    }

    /** Each combination, the values of the last option changing first. */
    List<Map<String, String>> combinations() {
        List<Map<String, String>> all = List.of(Map.of());
        for (Map.Entry<String, List<String>> option : values.entrySet()) {
            List<Map<String, String>> longer = new ArrayList<>();
            for (Map<String, String> shorter : all) {
                for (String value : option.getValue()) {
                    Map<String, String> combination = new LinkedHashMap<>(shorter);
                    combination.put(option.getKey(), value);
                    longer.add(combination);
                }
            }
            all = longer;
        }
        return all;
    }

    /** A combination as one writes it: {@code lr=0.01 weight-inter=0.05}. */
    public static String text(Map<String, String> combination) {
        return combination.entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .collect(Collectors.joining(" "));
    }

    /**
     * Each combination with the name of its folder: {@code lr=0.01_weight-inter=0.05}, without what
     * a path or a shell would misread. Names that come out the same are numbered from the second
     * on.
     */
    Map<Map<String, String>, String> folders() {
        Set<String> names = new HashSet<>();
        Map<Map<String, String>, String> folders = new LinkedHashMap<>();
        for (Map<String, String> combination : combinations()) {
            String name = text(combination).replace(' ', '_').replaceAll("[^A-Za-z0-9=_.+-]", "-");
            String start = name.substring(0, Math.min(LONGEST_NAME, name.length()));
            String own = start;
            for (int i = 2; !names.add(own); i++) {
                own = start + "-" + i;
            }
            folders.put(combination, own);
        }
        return folders;
    }
}
