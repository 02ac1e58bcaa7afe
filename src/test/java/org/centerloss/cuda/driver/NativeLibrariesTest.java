package org.centerloss.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jcuda.driver.JCudaDriver;
import org.centerloss.cli.Main;
import org.centerloss.cuda.ChildJvm;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.DeviceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibrariesTest {
    private static final String NAME = "JCudaDriver";

    @TempDir private Path folder;

    /** Unpacks to the folder that is its argument. */
    static final class Unpacker {
        private Unpacker() {}

        public static void main(String[] arguments) {
            UnpackedLibrary.unpack(JCudaDriver.class, NAME, Path.of(arguments[0]));
        }
    }

    private static byte[] packed(Path library) throws IOException {
        try (InputStream in =
                JCudaDriver.class.getResourceAsStream("/lib/" + library.getFileName())) {
            return in.readAllBytes();
        }
    }

    @Test
    void aLibraryIsUnpackedToAPrivateFolder() throws Exception {
        Path library = UnpackedLibrary.unpack(JCudaDriver.class, NAME, folder.resolve("cache"));
        assertArrayEquals(packed(library), Files.readAllBytes(library));
        assertEquals(
                "rwx------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(library.getParent())));
    }

    @Test
    void aTruncatedOrChangedLibraryIsReplaced() throws Exception {
        Path library = UnpackedLibrary.unpack(JCudaDriver.class, NAME, folder);
        byte[] whole = packed(library);
        byte[] changed = whole.clone();
        changed[whole.length / 2] ^= 1;
        for (byte[] wrong : List.of(new byte[0], Arrays.copyOf(whole, 4096), changed)) {
            Files.write(library, wrong);
            UnpackedLibrary.unpack(JCudaDriver.class, NAME, folder);
            assertArrayEquals(whole, Files.readAllBytes(library));
        }
    }

    @Test
    void processesThatUnpackAtTheSameTimeDoNotDisturbEachOther() throws Exception {
        List<ChildJvm> children = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            children.add(ChildJvm.start(Unpacker.class, Map.of(), folder.toString()));
        }
        for (ChildJvm child : children) {
            assertEquals(new ChildJvm.Result(0, "", ""), child.await());
        }
        Path library = UnpackedLibrary.unpack(JCudaDriver.class, NAME, folder);
        assertArrayEquals(packed(library), Files.readAllBytes(library));
        try (Stream<Path> files = Files.list(library.getParent())) {
            assertEquals(List.of(library), files.toList());
        }
    }

    @Test
    void aCacheThatCannotBeWrittenIsToldInOneLine() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        DeviceException e =
                assertThrows(
                        DeviceException.class,
                        () -> UnpackedLibrary.unpack(JCudaDriver.class, NAME, file));
        assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
        assertTrue(e.getMessage().contains("CENTERLOSS_CACHE"), e.getMessage());
        assertEquals(1, e.getMessage().lines().count());
    }

    /** The lines on CUDA that {@code devices} prints. */
    private static List<String> cudaLines(Path libraries, Path cache) throws Exception {
        ChildJvm.Result result =
                ChildJvm.run(
                        Main.class,
                        Map.of(
                                NativeLibraries.DIRECTORY,
                                libraries.toString(),
                                "XDG_CACHE_HOME",
                                cache.toString(),
                                "COLUMNS",
                                "9999"),
                        "devices");
        assertEquals(0, result.status(), result.err());
        return result.out().lines().filter(line -> line.startsWith("cuda")).toList();
    }

    private static boolean tells(List<String> lines, String words) {
        return lines.stream().anyMatch(line -> line.contains(words));
    }

    @Test
    void aMissingDriverIsToldInOneLine() throws Exception {
        assumeFalse(
                Files.exists(Path.of("/proc/driver/nvidia")) || Files.exists(Path.of("/dev/dxg")),
                "an NVIDIA driver is installed");
        ChildJvm.Result result =
                ChildJvm.run(
                        Main.class,
                        Map.of(NativeLibraries.DIRECTORY, folder.toString()),
                        "verify",
                        "--device",
                        "cuda");
        assertEquals(1, result.status(), result.err());
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(
                result.err().startsWith("centerloss: cuda: no NVIDIA driver found (libcuda.so.1: "),
                result.err());
        assertTrue(result.err().contains("--device cpu"), result.err());
    }

    @Test
    void aFileThatIsNoLibraryIsToldInOneLine() throws Exception {
        Path library = Files.writeString(folder.resolve("libcuda.so.1"), "no library");
        List<String> lines = cudaLines(folder, folder);
        assertTrue(
                tells(lines, "not available: cuda: no NVIDIA driver found (" + library),
                lines::toString);
    }

    @Test
    void aFolderThatIsMissingIsToldOnce() throws Exception {
        Path missing = folder.resolve("missing");
        List<String> lines = cudaLines(missing, folder);
        assertEquals(1, lines.size(), lines::toString);
        assertTrue(
                tells(lines, "CENTERLOSS_CUDA_LIBS: " + missing + ": no such directory"),
                lines::toString);
    }

    @Test
    @VirtualGpu
    void librariesThatTheSystemLacksAreTakenFromTheCache() throws Exception {
        Path built = VirtualGpu.Condition.library().getParent();
        Path driver = Files.createDirectory(folder.resolve("driver"));
        Files.copy(built.resolve("libcuda.so.1"), driver.resolve("libcuda.so.1"));
        List<String> without = cudaLines(driver, folder);
        assumeTrue(tells(without, "no cuDNN 9 found"), "the system has cuDNN");
        assertTrue(tells(without, "no cuBLAS 12 found"), without::toString);
        assertTrue(tells(without, "run make cuda-libs"), without::toString);
        assertTrue(without.get(0).startsWith("cuda:0 "), without::toString);

        Path unpacked =
                Files.createDirectories(
                        folder.resolve("centerloss").resolve(NativeLibraries.UNPACKED));
        for (String library : List.of("libcublas.so.12", "libcudnn.so.9")) {
            Files.copy(built.resolve(library), unpacked.resolve(library));
        }
        List<String> with = cudaLines(driver, folder);
        assertEquals(1, with.size(), with::toString);
        assertTrue(
                with.get(0).contains("cuBLAS 12.6.3, cuDNN 9.5.1, NVRTC none, PTX "),
                with::toString);
    }
}
