package org.centerloss.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.centerloss.train.RunDirectory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Standard output of a real process: full, closed, or with a file written to it. */
class StandardStreamTest {
    private static final String HEADER = "file,class,distance,margin,next,unknown,error";
    private static final Pattern TABLE_HEAD = Pattern.compile("image +class +distance +margin");

    @TempDir private static Path folder;

    @BeforeAll
    static void trainOnce() {
        new TinyRun(folder).train("standalone");
    }

    private static TinyRun.Result bash(String script) throws Exception {
        return ChildProgram.bash(folder, script);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "train --help",
                "predict standalone images --device cpu",
                "train --dataset images --device cpu --epochs 1 --batch-size 4 --no-report --out full"
            })
    void anOutputThatCannotBeWrittenIsAFailure(String arguments) throws Exception {
        TinyRun.Result result = bash("centerloss " + arguments + " >/dev/full");
        assertEquals(1, result.code(), result.err());
        List<String> lines =
                result.err().lines().filter(line -> !line.startsWith("centerloss: note:")).toList();
        assertEquals(1, lines.size(), result.err());
        assertTrue(lines.get(0).startsWith("centerloss: standard output cannot be written: "));
    }

    @Test
    void aReaderThatGoesAwayEndsACommandQuietly() throws Exception {
        TinyRun.Result result = bash("centerloss train --help | true; exit ${PIPESTATUS[0]}");
        assertEquals("", result.err());
        assertEquals(StandardStream.READER_GONE, result.code());
    }

    @Test
    void aReaderThatGoesAwayHasARunSaved() throws Exception {
        TinyRun.Result result =
                bash(
                        "centerloss train --dataset $PWD/images --device cpu --epochs 1000"
                                + " --batch-size 4 --out left | head -4; exit ${PIPESTATUS[0]}");
        assertEquals("", result.err());
        assertEquals(StandardStream.READER_GONE, result.code());
        assertTrue(Files.exists(RunDirectory.last(folder.resolve("left"))));
        TinyRun.Result resumed =
                TinyRun.run(
                        "train",
                        "--resume",
                        folder.resolve("left").toString(),
                        "--max-steps",
                        "1",
                        "--device",
                        "cpu");
        assertEquals(0, resumed.code(), resumed.err());
        assertTrue(resumed.out().contains("going on after step"), resumed.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "/dev/stdout"})
    void aTableOnStandardOutputIsThereAlone(String file) throws Exception {
        TinyRun.Result result =
                bash(
                        "centerloss predict standalone images --device cpu --csv %s >> table.csv"
                                .formatted(file));
        assertEquals(0, result.code(), result.err());
        List<String> lines = Files.readAllLines(folder.resolve("table.csv"));
        Files.delete(folder.resolve("table.csv"));
        assertEquals(HEADER, lines.get(0));
        assertEquals(13, lines.size(), lines::toString);
        assertTrue(
                result.err().lines().anyMatch(line -> TABLE_HEAD.matcher(line).find()),
                result.err());
    }

    @Test
    void aShellsProcessGetsATable() throws Exception {
        TinyRun.Result result =
                bash(
                        "centerloss embed standalone images --device cpu --out >(sort > sorted.txt)"
                                + " > said.txt; code=$?; wait $!; exit $code");
        assertEquals(0, result.code(), result.err());
        List<String> lines = Files.readAllLines(folder.resolve("sorted.txt"));
        assertEquals(13, lines.size(), lines::toString);
        assertTrue(lines.contains("file,label,predicted,f0,f1,f2,error"), lines::toString);
    }
}
