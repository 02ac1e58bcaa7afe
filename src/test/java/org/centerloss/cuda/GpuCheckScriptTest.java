package org.centerloss.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.centerloss.cuda.driver.NativeLibraries;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/gpu-check}, shortened to two steps on a few small images and little to verify. */
class GpuCheckScriptTest {
    private static final int CLASSES = 3;
    private static final int SIDE = 12;

    @TempDir private Path folder;

    private ProcessBuilder check;

    @BeforeEach
    void prepare() throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < 10 * CLASSES; i++) {
            BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
            for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
                int gray = 60 * (i % CLASSES) + random.nextInt(60);
                image.setRGB(pixel % SIDE, pixel / SIDE, gray << 16 | gray << 8 | gray);
            }
            Path kind = Files.createDirectories(folder.resolve("images/kind" + i % CLASSES));
            ImageIO.write(image, "png", kind.resolve(i + ".png").toFile());
        }
        check = new ProcessBuilder("bash", "scripts/gpu-check");
        check.environment().remove("DEVICE");
        check.environment().remove("GOLDEN");
        set("DATASET", folder.resolve("images"));
        set("STEPS", 2);
        set("VERIFY", "--op center-loss --loss standalone");
        set("BATCH_SIZE", 4);
        set("OUT", folder.resolve("out"));
        set("CENTERLOSS", script("exec %s \"$@\"".formatted(program())));
    }

    private void set(String name, Object value) {
        check.environment().put(name, value.toString());
    }

    private static String program() {
        return "'%s/bin/java' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '%s' org.centerloss.cli.Main"
                .formatted(System.getProperty("java.home"), System.getProperty("java.class.path"));
    }

    private Path script(String text) throws IOException {
        Path script = Files.writeString(folder.resolve("program"), "#!/usr/bin/env bash\n" + text);
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    /** Runs it and returns the report's verdicts. */
    private List<String> run(int status) throws Exception {
        Path said = folder.resolve("said");
        Process process = check.redirectErrorStream(true).redirectOutput(said.toFile()).start();
        assertTrue(process.waitFor(180, TimeUnit.SECONDS));
        assertEquals(status, process.exitValue(), Files.readString(said));
        List<String> report = Files.readAllLines(folder.resolve("out/gpu-check.md"));
        assertTrue(report.contains("## Environment"), report::toString);
        return report.stream()
                .filter(line -> line.startsWith("- PASS ") || line.startsWith("- FAIL "))
                .toList();
    }

    private static void assertVerdict(String start, List<String> verdicts) {
        assertTrue(verdicts.stream().anyMatch(line -> line.startsWith(start)), verdicts::toString);
    }

    @Test
    @VirtualGpu
    void aGpuThatWorksPassesEveryCheck() throws Exception {
        set("GOLDEN", "src/test/resources/golden/losses-m8-d2.safetensors");
        List<String> verdicts = run(0);
        assertEquals(6, verdicts.size(), verdicts::toString);
        assertVerdict("- PASS devices: cuda:0 Virtual GPU", verdicts);
        assertVerdict("- PASS verify: ", verdicts);
        assertVerdict("- PASS golden: ", verdicts);
        assertVerdict("- PASS train: terms differ by ", verdicts);
        assertVerdict("- PASS bench step: training ", verdicts);
        assertVerdict("- PASS bench kernels: ", verdicts);
    }

    @Test
    void aDriverThatIsBrokenFailsEveryCheck() throws Exception {
        Files.writeString(folder.resolve("libcuda.so.1"), "no library");
        set(NativeLibraries.DIRECTORY, folder);
        List<String> verdicts = run(1);
        assertEquals(5, verdicts.size(), verdicts::toString);
        for (String check : List.of("devices", "verify", "train", "bench step", "bench kernels")) {
            assertTrue(
                    verdicts.stream()
                            .anyMatch(
                                    line ->
                                            line.startsWith("- FAIL " + check + ": ")
                                                    && line.contains("no NVIDIA driver found")),
                    verdicts::toString);
        }
    }

    /** Here the CPU stands in for the GPU, and starts from other weights. */
    @Test
    void aTrainingThatGoesAnotherWayFails() throws Exception {
        set(
                "CENTERLOSS",
                script(
                        "[[ $1 == train ]] || exec echo cuda:0 stands for $1\n"
                                + "if [[ \"$*\" == *'--device cuda'* ]]; then\n"
                                + "  set -- \"${@/#cuda/cpu}\"\n"
                                + "  for i in $(seq $#); do\n"
                                + "    [[ ${!i} != --seed ]] || set -- \"${@:1:i}\" 1 \"${@:i+2}\"\n"
                                + "  done\n"
                                + "fi\n"
                                + "exec %s \"$@\"".formatted(program())));
        List<String> verdicts = run(1);
        assertVerdict("- FAIL train: terms differ by ", verdicts);
        assertEquals(4, verdicts.stream().filter(line -> line.startsWith("- PASS ")).count());
    }
}
