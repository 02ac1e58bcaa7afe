package org.centerloss.cuda.driver;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.JCublas2;
import jcuda.jcudnn.JCudnn;
import jcuda.nvrtc.JNvrtc;
import org.centerloss.base.InputException;
import org.centerloss.base.UserCache;
import org.centerloss.device.DeviceException;

/**
 * Finds and loads the shared libraries that CUDA needs.
 *
 * <p>Each of NVIDIA's libraries is taken from the first of these places that has it: the directory
 * that {@value #DIRECTORY} names; wherever the system's loader looks; what {@code make cuda-libs}
 * unpacked in the user's cache, where there is everything but the driver. A library that is loaded
 * by its path satisfies everybody who asks for its soname later. JCuda's own come out of its jars.
 */
public final class NativeLibraries {
    /** The environment variable that names a directory with NVIDIA's libraries. */
    public static final String DIRECTORY = "CENTERLOSS_CUDA_LIBS";

    /** What {@code make cuda-libs} calls its folder in the user's cache. */
    public static final String UNPACKED = "cuda-12.6";

    private static final String DRIVER = "libcuda.so.1";

    /** NVRTC looks for its built-in declarations by name, so they must have been loaded before. */
    private static final String BUILT_IN = "libnvrtc-builtins.so.12.*";

    private static final String[] COMPILER = {BUILT_IN, "libnvrtc.so.12"};

    // These two find their other parts where they lie themselves, and cuDNN finds NVRTC.
    private static final String[] CUBLAS = {"libcublas.so.12"};
    private static final String[] CUDNN = {BUILT_IN, "libcudnn.so.9"};

    /** Null until somebody asked. */
    private static Boolean compilerFound;

    private NativeLibraries() {}

    /** Loads the CUDA driver and JCuda's binding to it. */
    static void loadDriver() {
        try {
            load(JCudaDriver.class, "JCudaDriver", DRIVER);
        } catch (UnsatisfiedLinkError e) {
            throw new DeviceException(
                    "cuda: no NVIDIA driver found (%s); install one (nvidia-smi must work), or use --device cpu"
                            .formatted(e.getMessage()),
                    e);
        }
    }

    /** Loads cuBLAS and JCuda's binding to it. */
    public static void loadCublas() {
        loadMathematics(JCublas2.class, "JCublas2", "cuBLAS 12", CUBLAS);
    }

    /** Loads cuDNN and JCuda's binding to it. */
    public static void loadCudnn() {
        loadMathematics(JCudnn.class, "JCudnn", "cuDNN 9", CUDNN);
    }

    private static void loadMathematics(
            Class<?> binding, String name, String product, String... files) {
        try {
            load(binding, name, files);
        } catch (UnsatisfiedLinkError e) {
            throw new DeviceException(
                    "cuda: no %s found (%s); run make cuda-libs, or use --device cpu"
                            .formatted(product, e.getMessage()),
                    e);
        }
    }

    /** Loads NVRTC and JCuda's binding to it; false where it is not installed. */
    static synchronized boolean loadCompiler() {
        if (compilerFound == null) {
            try {
                load(JNvrtc.class, "JNvrtc", COMPILER);
                compilerFound = true;
            } catch (UnsatisfiedLinkError e) {
                compilerFound = false;
            }
        }
        return compilerFound;
    }

    /**
     * Loads a binding of JCuda after the libraries that it needs.
     *
     * @param name JCuda's name for the binding's own library
     * @param files libraries of NVIDIA's, as glob patterns, in the order to load them in
     * @throws UnsatisfiedLinkError with what the system's loader says
     */
    private static void load(Class<?> binding, String name, String... files) {
        Path directory = directory();
        if (directory != null) {
            preload(directory, files);
        }
        Path library = UnpackedLibrary.unpack(binding, name);
        try {
            load(library);
        } catch (UnsatisfiedLinkError e) {
            Path unpacked = UserCache.folder(System.getenv()).resolve(UNPACKED);
            if (!Files.isDirectory(unpacked) || !preload(unpacked, files)) {
                throw e;
            }
            load(library);
        }
        UnpackedLibrary.initialize(binding, library);
    }

    /** Whether there was anything to load. */
    private static boolean preload(Path directory, String... files) {
        boolean loaded = false;
        for (String file : files) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, file)) {
                for (Path library : found) {
                    load(library);
                    loaded = true;
                }
            } catch (IOException e) {
                throw new UnsatisfiedLinkError(directory + ": " + InputException.reason(e));
            }
        }
        return loaded;
    }

    private static void load(Path library) {
        try {
            System.load(library.toString());
        } catch (UnsatisfiedLinkError e) {
            // The Java machine puts the library's own path before what the system's loader says.
            String own = library + ": ";
            String message = e.getMessage();
            throw new UnsatisfiedLinkError(
                    message.startsWith(own) ? message.substring(own.length()) : message);
        }
    }

    /** What {@value #DIRECTORY} names, or null. */
    private static Path directory() {
        String name = System.getenv(DIRECTORY);
        if (name == null || name.isBlank()) {
            return null;
        }
        Path directory = Path.of(name).toAbsolutePath().normalize();
        if (!Files.isDirectory(directory)) {
            throw new DeviceException(
                    "cuda: %s: %s: no such directory; correct or unset it, or use --device cpu"
                            .formatted(DIRECTORY, directory));
        }
        return directory;
    }
}
