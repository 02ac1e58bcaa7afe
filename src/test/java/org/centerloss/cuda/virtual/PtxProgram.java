package org.centerloss.cuda.virtual;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A PTX module with one entry named {@code kernel}, made from its body.
 *
 * <p>The body finds each parameter in a register of its name ({@code %in}), its thread in the block
 * in {@code %t}, in the grid in {@code %i}, and registers {@code %p %h %r %l %f %d} (predicate, 16,
 * 32, 64 bits, float, double), each numbered 0 to 31.
 */
public record PtxProgram(String text) {
    /**
     * @param parameters such as "u64 in, f32 scale"
     */
    public static PtxProgram of(String parameters, String body) {
        return of("", parameters, body);
    }

    /**
     * @param declarations of the module's variables and functions
     */
    public static PtxProgram of(String declarations, String parameters, String body) {
        String list =
                parameters(parameters)
                        .map(p -> "    .param .%s %s".formatted(p[0], p[1]))
                        .collect(Collectors.joining(",\n"));
        String loads =
                parameters(parameters)
                        .map(
                                p ->
                                        "    .reg .%1$s %%%2$s;\n    ld.param.%1$s %%%2$s, [%2$s];\n"
                                                .formatted(p[0], p[1]))
                        .collect(Collectors.joining());
        return new PtxProgram(
                """
                .version 8.0
                .target sm_80
                .address_size 64
                %s
                .visible .entry kernel(
                %s
                )
                {
                    .reg .pred %%p<32>;
                    .reg .b16 %%h<32>;
                    .reg .b32 %%r<32>;
                    .reg .b64 %%l<32>;
                    .reg .f32 %%f<32>;
                    .reg .f64 %%d<32>;
                    .reg .u32 %%t, %%i, %%n0, %%c0;
                %s
                    mov.u32 %%t, %%tid.x;
                    mov.u32 %%c0, %%ctaid.x;
                    mov.u32 %%n0, %%ntid.x;
                    mad.lo.u32 %%i, %%c0, %%n0, %%t;
                %s
                    ret;
                }
                """
                        .formatted(declarations, list, loads, body.indent(4).stripTrailing()));
    }

    private static Stream<String[]> parameters(String list) {
        return Stream.of(list.split(","))
                .map(String::strip)
                .filter(p -> !p.isEmpty())
                .map(p -> p.split(" "));
    }

    /** The number of the first line that holds the words, from 1. */
    public int line(String words) {
        return 1
                + (int)
                        text.substring(0, text.indexOf(words))
                                .chars()
                                .filter(c -> c == '\n')
                                .count();
    }
}
