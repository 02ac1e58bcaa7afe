package org.centerloss.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.centerloss.cli.TinyRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Runs on two classes of images, and what {@code predict} says of images. */
abstract class PredictedImages {
    static final List<String> CLASSES = List.of("dark", "light");

    @TempDir static Path shared;
    static TinyRun tiny;
    static Path run;
    static Path softmax;

    @TempDir Path folder;

    @BeforeAll
    static void trainOnce() {
        tiny = new TinyRun(shared);
        run = tiny.train("standalone");
        softmax = tiny.train("xent");
    }

    static TinyRun.Result command(String name, Object... more) {
        List<String> args = new ArrayList<>(List.of(name, "--device", "cpu"));
        Stream.of(more).map(Object::toString).forEach(args::add);
        return TinyRun.run(args.toArray(String[]::new));
    }

    /** The cells of the CSV file, without its header. */
    List<String[]> rows(Object... more) throws IOException {
        Path file = folder.resolve("predicted.csv");
        List<Object> args = new ArrayList<>(List.of(more));
        args.addAll(List.of("--csv", file));
        TinyRun.Result result = command("predict", args.toArray());
        assertEquals(0, result.code(), result.err());
        List<String> lines = Files.readAllLines(file);
        assertEquals("file,class,distance,margin,next,unknown,error", lines.get(0));
        return lines.stream().skip(1).map(line -> line.split(",", -1)).toList();
    }

    static void assertRefused(int code, String expected, Object... args) {
        TinyRun.Result result = command("predict", args);
        assertEquals(code, result.code(), result.err());
        String first = result.err().lines().findFirst().orElse("");
        assertEquals(code == 2 ? 2 : 1, result.err().lines().count(), result.err());
        assertTrue(first.startsWith("centerloss: ") && first.contains(expected), first);
        assertEquals("", result.out());
    }
}
