package org.centerloss.report.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.centerloss.train.TrainingConfig;

/** The settings of a run in words, whatever settings there are. */
final class Settings {
    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .enumNamingStrategy(name -> name.toLowerCase(Locale.ROOT).replace('_', ' '))
                    .build();

    /** Of settings that stand in no group of their own. */
    private static final String OTHER = "Run";

    private Settings() {}

    /** Groups of settings, such as "Optimization": "batch size" → "128". */
    static Map<String, Map<String, String>> of(TrainingConfig config) {
        Map<String, Map<String, String>> groups = new LinkedHashMap<>();
        JsonNode tree = JSON.valueToTree(config);
        tree.properties()
                .forEach(
                        entry -> {
                            boolean group = entry.getValue().isObject();
                            String name = words(entry.getKey());
                            Map<String, String> settings =
                                    groups.computeIfAbsent(
                                            group ? capitalized(name) : OTHER,
                                            key -> new LinkedHashMap<>());
                            collect(settings, group ? "" : name, entry.getValue());
                        });
        return groups;
    }

    private static void collect(Map<String, String> settings, String name, JsonNode value) {
        if (value.isObject()) {
            value.properties()
                    .forEach(
                            entry ->
                                    collect(
                                            settings,
                                            (name + " " + words(entry.getKey())).strip(),
                                            entry.getValue()));
        } else {
            settings.put(name, text(value));
        }
    }

    private static String text(JsonNode value) {
        if (value.isArray()) {
            List<String> texts = new ArrayList<>();
            value.forEach(one -> texts.add(text(one)));
            return texts.isEmpty() ? "none" : String.join(", ", texts);
        }
        if (value.isBoolean()) {
            return value.asBoolean() ? "yes" : "no";
        }
        return value.isNull() ? "none" : value.asText();
    }

    /** {@code widthFactor} as {@code width factor}; that settings are settings goes without. */
    private static String words(String key) {
        return key.equals("settings")
                ? ""
                : key.replaceAll("([a-z])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT);
    }

    private static String capitalized(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }
}
