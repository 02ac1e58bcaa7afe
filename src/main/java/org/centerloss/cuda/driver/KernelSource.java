package org.centerloss.cuda.driver;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.centerloss.device.DeviceException;

/** What this build holds of a file in {@code kernels/}: its PTX and its sources. */
public final class KernelSource {
    private static final Pattern PTX_VERSION =
            Pattern.compile("^\\.version\\s+(\\S+)", Pattern.MULTILINE);
    private static final Pattern INCLUDE =
            Pattern.compile("^#include \"([^\"]+)\"", Pattern.MULTILINE);

    private KernelSource() {}

    /** Throws where this build lacks the PTX of any kernel. */
    public static void requirePtx() {
        for (KernelFunction function : KernelFunction.values()) {
            ptx(function.module());
        }
    }

    /**
     * PTX as nvcc made it at build time.
     *
     * @param module the source file's name without its ending
     */
    public static String ptx(String module) {
        String ptx = resource("ptx/" + module + ".ptx");
        if (ptx == null) {
            throw new DeviceException(
                    "cuda: this build does not hold the PTX of kernels/%s.cu; install NVIDIA's CUDA toolkit (nvcc) and run make build"
                            .formatted(module));
        }
        return ptx;
    }

    /** The version of the PTX language, such as 9.0. */
    static String version(String ptx) {
        Matcher version = PTX_VERSION.matcher(ptx);
        return version.find() ? version.group(1) : "unknown";
    }

    /** The source file's text. */
    static String source(String module) {
        return resource("kernels/" + module + ".cu");
    }

    /** The headers that a source includes, directly or not: name and text. */
    static Map<String, String> headers(String source) {
        Map<String, String> headers = new LinkedHashMap<>();
        collect(source, headers);
        return headers;
    }

    private static void collect(String source, Map<String, String> headers) {
        Matcher include = INCLUDE.matcher(source);
        while (include.find()) {
            String name = include.group(1);
            if (!headers.containsKey(name)) {
                String header = resource("kernels/" + name);
                headers.put(name, header);
                collect(header, headers);
            }
        }
    }

    private static String resource(String name) {
        try (InputStream in = KernelSource.class.getResourceAsStream(name)) {
            return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
