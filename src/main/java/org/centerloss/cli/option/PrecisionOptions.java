package org.centerloss.cli.option;

import picocli.CommandLine.Option;

/** What a GPU may do to be quicker: options of the commands that need not be exact. */
public final class PrecisionOptions {
    @OptionGroup.In(OptionGroup.DEVICE)
    @Option(
            names = "--tf32",
            description =
                    "Let a GPU round the factors of convolutions and products to TF32, which keeps"
                            + " 10 bits of a fraction; quicker on those that have it.")
    boolean tf32;

    @OptionGroup.In(OptionGroup.DEVICE)
    @Option(
            names = "--nondeterministic",
            description =
                    "Let a GPU's convolutions add in any order; two runs then differ in their"
                            + " last digits.")
    boolean nondeterministic;
}
