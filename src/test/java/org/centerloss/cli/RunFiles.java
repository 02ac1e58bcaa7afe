package org.centerloss.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.centerloss.report.tensorboard.EventReader;
import org.tensorflow.proto.Summary;

/** Compares what two runs left, file by file, without time stamps and durations. */
public final class RunFiles {
    private static final Pattern EPOCH = Pattern.compile(" +(\\d+) .*");

    private RunFiles() {}

    /** A line for each file that is missing, additional or different. */
    public static List<String> differences(Path expected, Path found) throws IOException {
        Map<String, byte[]> left = content(expected);
        Map<String, byte[]> right = content(found);
        TreeSet<String> names = new TreeSet<>(left.keySet());
        names.addAll(right.keySet());
        List<String> differences = new ArrayList<>();
        for (String name : names) {
            if (!left.containsKey(name) || !right.containsKey(name)) {
                differences.add(name + (left.containsKey(name) ? " is missing" : " is additional"));
            } else if (!Arrays.equals(left.get(name), right.get(name))) {
                differences.add(
                        name
                                + " differs from byte "
                                + Arrays.mismatch(left.get(name), right.get(name)));
            }
        }
        return differences;
    }

    private static Map<String, byte[]> content(Path run) throws IOException {
        Map<String, byte[]> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(run)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = run.relativize(file).toString();
                if (!name.equals(".lock") && !name.contains("tfevents")) {
                    content.put(name, lasting(run, name, Files.readAllBytes(file)));
                }
            }
        }
        content.put("TensorBoard's series", series(run.resolve("tensorboard"), run));
        return content;
    }

    private static byte[] lasting(Path run, String name, byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        String lasting =
                switch (name) {
                    case "config.json" -> text.replaceAll("\"started\" : \"[^\"]*\"", "");
                    case "metrics.csv" -> text.replaceAll("(?m)[^,]*$", "");
                    case "train.log" -> log(text);
                    case "report.html" -> report(text);
                    default -> null;
                };
        return lasting == null
                ? bytes
                : lasting.replace(run.toString(), "RUN").getBytes(StandardCharsets.UTF_8);
    }

    /** The last line of each epoch, and what else is told by the end, without repetitions. */
    private static String log(String text) {
        Map<Integer, String> epochs = new TreeMap<>();
        TreeSet<String> others = new TreeSet<>();
        for (String stamped : text.lines().toList()) {
            String line = stamped.replaceFirst("^\\S+ ", "");
            Matcher epoch = EPOCH.matcher(line);
            if (epoch.matches()) {
                epochs.put(
                        Integer.valueOf(epoch.group(1)),
                        line.replaceFirst(" +(\\d+|–) +\\d+:\\d\\d", ""));
            } else if (!line.startsWith("going on after")) {
                others.add(line);
            }
        }
        return epochs + "\n" + others;
    }

    private static String report(String html) {
        return html.replaceAll("(\"Images/s\"[^\\[]*\\[\\],\"values\":)\\[[^\\]]*", "$1")
                .replaceAll("<td>[\\d,–]+</td></tr>", "")
                .replaceAll("[\\d,–]+ images/s", "")
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:]+", "")
                .replaceAll("[\\d hmins–]{1,20} in training steps", "");
    }

    /** Every value of every tag, once each by what TensorBoard takes back; time stamps apart. */
    private static byte[] series(Path folder, Path run) throws IOException {
        Map<String, NavigableMap<Long, Summary.Value>> series =
                new TreeMap<>(EventReader.series(EventReader.files(folder)));
        series.keySet().removeAll(List.of("images_per_second", "configuration"));
        return series.entrySet().stream()
                .map(tag -> tag.getKey() + tag.getValue())
                .collect(Collectors.joining("\n"))
                .replace(run.toString(), "RUN")
                .getBytes(StandardCharsets.UTF_8);
    }
}
