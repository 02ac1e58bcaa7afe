package org.centerloss.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The names and parameters that Java declares against the PTX that nvcc made; needs no GPU. */
class KernelFunctionTest {
    private static final Pattern ENTRY =
            Pattern.compile("\\.entry\\s+(\\w+)\\s*\\(([^)]*)\\)", Pattern.DOTALL);
    private static final Pattern PARAMETER = Pattern.compile("\\.param\\s+\\.(\\w+)([^,]*)");
    private static final Pattern INCLUDE = Pattern.compile("^#include.*", Pattern.MULTILINE);

    @Test
    void everyEntryOfThePtxIsDeclaredWithItsParametersAndTheOtherWayRound() throws Exception {
        Map<String, String> compiled = compiled();
        assertFalse(compiled.isEmpty());
        assertEquals(compiled, declared());
    }

    @Test
    void aRenamedKernelAndEveryOtherParameterListIsNoticed() {
        String head = ".visible .entry scale(\n";
        String parameters = "\t.param .u64 .ptr .align 1 a,\n\t.param .u32 b,\n\t.param .f32 c\n";
        assertEquals(Map.of("m/scale", "u64 u32 f32"), entries("m", head + parameters + ")"));
        for (String other :
                List.of(
                        ".visible .entry scales(\n" + parameters + ")",
                        head + parameters.replace(".f32", ".f64") + ")",
                        head + parameters.replace("\t.param .u32 b,\n", "") + ")",
                        head + ")")) {
            assertFalse(entries("m", other).equals(Map.of("m/scale", "u64 u32 f32")), other);
        }
    }

    @Test
    void kernelsIncludeNothingButEachOther() throws Exception {
        for (Path file : files("kernels/", ".cu", ".cuh")) {
            Matcher include = INCLUDE.matcher(Files.readString(file));
            while (include.find()) {
                String name = include.group().replaceAll(".*\"(.*)\".*", "$1");
                assertTrue(
                        Files.exists(file.resolveSibling(name)),
                        file.getFileName() + " includes what NVRTC lacks: " + include.group());
            }
        }
    }

    /** "module/entry" to PTX types, of every PTX file of this build. */
    private static Map<String, String> compiled() throws Exception {
        Map<String, String> compiled = new TreeMap<>();
        for (Path file : files("ptx/", ".ptx")) {
            String module = file.getFileName().toString().replace(".ptx", "");
            compiled.putAll(entries(module, Files.readString(file)));
        }
        return compiled;
    }

    private static Map<String, String> entries(String module, String ptx) {
        Map<String, String> entries = new TreeMap<>();
        Matcher entry = ENTRY.matcher(ptx);
        while (entry.find()) {
            Matcher parameter = PARAMETER.matcher(entry.group(2));
            String types =
                    parameter
                            .results()
                            .map(found -> found.group(1))
                            .collect(Collectors.joining(" "));
            entries.put(module + "/" + entry.group(1), types);
        }
        return entries;
    }

    private static Map<String, String> declared() {
        Map<String, String> declared = new TreeMap<>();
        for (KernelFunction function : KernelFunction.values()) {
            String types =
                    function.parameters().stream()
                            .map(KernelFunctionTest::ptxType)
                            .collect(Collectors.joining(" "));
            String before = declared.put(function.module() + "/" + function.entry(), types);
            assertEquals(null, before, function + " is declared twice");
        }
        return declared;
    }

    private static String ptxType(ParameterType type) {
        return switch (type) {
            case POINTER, LONG -> "u64";
            case INT -> "u32";
            case FLOAT -> "f32";
            case DOUBLE -> "f64";
        };
    }

    private static List<Path> files(String folder, String... endings)
            throws IOException, URISyntaxException {
        URL packed = KernelSource.class.getResource(folder);
        if (packed == null) {
            String missing = "this build holds no " + folder + ": run make ptx";
            assumeTrue("true".equals(System.getenv("CI")), missing);
            fail(missing);
        }
        try (Stream<Path> files = Files.list(Path.of(packed.toURI()))) {
            return files
                    .filter(file -> Arrays.stream(endings).anyMatch(file.toString()::endsWith))
                    .collect(Collectors.toCollection(TreeSet::new))
                    .stream()
                    .toList();
        }
    }
}
