package org.centerloss.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/centerloss}, beside a jar that stands for the built one. */
class LauncherTest {
    private static final List<String> CLASSES = List.of("犬", "猫", "魚", "鳥");

    @TempDir private Path folder;
    private Path script;

    @BeforeEach
    void install() throws IOException {
        script = folder.resolve("scripts/centerloss");
        Files.createDirectories(script.getParent());
        Files.createDirectories(folder.resolve("target"));
        Files.copy(Path.of("scripts/centerloss"), script);
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, Main.class.getName());
        attributes.put(
                Attributes.Name.CLASS_PATH,
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(entry -> Path.of(entry).toUri().toString())
                        .collect(Collectors.joining(" ")));
        try (OutputStream out = Files.newOutputStream(folder.resolve("target/centerloss.jar"))) {
            new JarOutputStream(out, manifest).close();
        }
    }

    /** Runs a bash script in the folder. */
    private TinyRun.Result bash(String locale, String text) throws Exception {
        Path file = Files.writeString(folder.resolve("test.sh"), "set -eu\n" + text);
        ProcessBuilder builder = new ProcessBuilder("bash", file.toString());
        builder.directory(folder.toFile()).environment().put("LC_ALL", locale);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return ChildProgram.run(builder);
    }

    /** The names are given by bash, since the JVM of the tests may not be able to. */
    @Test
    void namesBeyondAsciiAreReadAndPrintedInTheLocaleOfCron() throws Exception {
        for (int i = 0; i < 6 * CLASSES.size(); i++) {
            Path file = folder.resolve("images/" + i % CLASSES.size() + "/" + i + ".png");
            TinyRun.image(file, 12, i % 12, 200 + i);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < CLASSES.size(); i++) {
            text.append("mv images/%d images/%s%n".formatted(i, CLASSES.get(i)));
        }
        text.append("mv images/猫/1.png images/猫/é.png\n");
        text.append("bash scripts/centerloss train --dataset images --device cpu --max-steps 2");
        text.append(" --batch-size 4 --no-report --out läufe\n");
        text.append("cat läufe/classes.csv\n");
        TinyRun.Result result = bash("C", text.toString());
        assertEquals(0, result.code(), result.err());
        for (String expected : List.of("12×12", "run directory: läufe")) {
            assertTrue(result.out().contains(expected), result.out());
        }
        for (String name : CLASSES) {
            assertTrue(result.out().contains("," + name + ","), result.out());
        }
    }

    @Test
    void aJvmThatTakesNamesForAsciiSaysSo() throws Exception {
        TinyRun.Result result =
                bash("C", "\"$JAVA_HOME/bin/java\" -jar target/centerloss.jar --version");
        assertEquals(0, result.code(), result.err());
        assertTrue(result.complaint().contains("set LC_ALL=C.UTF-8"), result.err());
        assertEquals("", bash("C", "bash scripts/centerloss --version").err());
    }
}
