package org.centerloss.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.centerloss.device.Device;

/**
 * A mistake in a kernel's source: {@code right} is replaced by {@code wrong}.
 *
 * @param module the file in {@code kernels/} that is compiled, without its ending
 * @param file the file in {@code kernels/} that holds the mistake: the module's or a header
 * @param right text that occurs once in the file
 */
public record PlantedFault(String module, String file, String right, String wrong) {
    private static final Path KERNELS = Path.of("kernels");

    public static PlantedFault in(String module, String right, String wrong) {
        return new PlantedFault(module, module + ".cu", right, wrong);
    }

    /** Opens a CUDA device that runs the wrong kernels. */
    public Device open() {
        return OtherKernels.open(module, ptx());
    }

    /** The wrong kernels, compiled. */
    public String ptx() {
        try {
            Path folder = Files.createTempDirectory("planted-fault");
            try {
                return compiled(folder);
            } finally {
                for (Path path : files(folder)) {
                    Files.delete(path);
                }
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String compiled(Path folder) throws IOException {
        for (Path source : files(KERNELS)) {
            Files.copy(source, folder.resolve(source.getFileName()));
        }
        String text = Files.readString(folder.resolve(file));
        long found = Pattern.compile(right, Pattern.LITERAL).matcher(text).results().count();
        assertEquals(1, found, "kernels/" + file + " holds: " + right);
        Files.writeString(folder.resolve(file), text.replace(right, wrong));
        Path ptx = folder.resolve(module + ".ptx");
        List<String> command = new ArrayList<>();
        command.add(System.getenv().getOrDefault("NVCC", "nvcc"));
        command.addAll(List.of("-ptx", "-lineinfo", "-std=c++17", "-arch=compute_75", "-o"));
        command.addAll(List.of(ptx.toString(), folder.resolve(module + ".cu").toString()));
        Process nvcc = new ProcessBuilder(command).redirectErrorStream(true).start();
        String log = new String(nvcc.getInputStream().readAllBytes());
        try {
            assertEquals(0, nvcc.waitFor(), log);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return Files.readString(ptx);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
