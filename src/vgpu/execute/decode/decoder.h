// PTX statements to decoded instructions. A decode function per opcode (instruction/) takes the
// statement's modifiers and operands; a modifier that nobody took is an error, never ignored.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "execute/code.h"
#include "execute/module.h"
#include "ptx/syntax_tree.h"

namespace vgpu {

struct Type {
    char kind = 0;  // u, s, b, f, p: predicate
    unsigned bits = 0;
};

class Decoder;
using DecodeFunction = void (*)(Decoder& decoder);
using DecodeTable = std::map<std::string, DecodeFunction>;

void addProductOpcodes(DecodeTable& table);
void addIntegerOpcodes(DecodeTable& table);
void addBitOpcodes(DecodeTable& table);
void addShiftOpcodes(DecodeTable& table);
void addFloatOpcodes(DecodeTable& table);
void addApproximateOpcodes(DecodeTable& table);
void addComparisonOpcodes(DecodeTable& table);
void addConversionOpcodes(DecodeTable& table);
void addMoveOpcodes(DecodeTable& table);
void addMemoryOpcodes(DecodeTable& table);
void addAtomicOpcodes(DecodeTable& table);
void addWarpOpcodes(DecodeTable& table);
void addControlOpcodes(DecodeTable& table);

// Decode functions that several opcodes share. decodeFloatArithmetic: false where the statement names
// no float type.
bool decodeFloatArithmetic(Decoder& decoder, const char* name);
void decodeRoundedReciprocal(Decoder& decoder);
void decodeRoundedSquareRoot(Decoder& decoder);
void decodeApproximateDivision(Decoder& decoder);
void decodeWarpBarrier(Decoder& decoder);

class Decoder {
   public:
    using Variables = std::map<std::string, std::pair<std::uint64_t, std::size_t>>;

    Decoder(const PtxModule& module, const Variables& variables);

    Kernel decode(const PtxFunction& entry);

    // The rest is for decode functions.
    [[noreturn]] void fail(const std::string& what) const;
    [[noreturn]] void unknown() const;

    bool take(const std::string& modifier);
    // One of the words of the list, or "".
    std::string takeOneOf(std::initializer_list<const char*> words);
    Type takeType();
    bool has(const std::string& modifier) const;

    std::size_t operandCount() const { return statement_->operands.size(); }
    const PtxOperand& operand(std::size_t index) const;
    void expectOperands(std::size_t least, std::size_t most) const;

    Instruction& emit(Handler handler, InstructionClass kind, unsigned floatOperations = 0);
    // The same, for a step that no GPU takes.
    Instruction& emitUncounted(Handler handler);

    // Registers, immediates and addresses of symbols of just this width.
    Operand in(std::size_t index, Type type) { return in(operand(index), type); }
    Operand in(const PtxOperand& operand, Type type);
    Operand out(std::size_t index, Type type) { return out(operand(index).name, type); }
    Operand out(const std::string& name, Type type);
    // The same where the register may be wider than the type, as loads, stores and cvt allow.
    Operand narrow(const PtxOperand& operand, Type type);
    struct Widening {
        Operand target = 0;  // where the instruction puts its result
        Operand final = 0;   // where it belongs
        bool needed = false;
    };
    Widening widening(const std::string& name, Type type);
    void widen(const Widening& widening, Type type);

    Operand inPredicate(const PtxOperand& operand);
    Operand outPredicate(const std::string& name);
    Operand constant(std::uint64_t bits, unsigned width);
    Operand scratch(unsigned width);
    Operand scratchPredicate();

    // Sets address register, offset and space of `instruction`.
    void address(Instruction& instruction, const PtxOperand& operand, Space space);
    // The slot of a parameter of a function that is being called, or false for other addresses.
    bool callParameter(const PtxOperand& operand, std::size_t element, unsigned bytes,
                       Operand& slot);

    void branchTo(Instruction& instruction, const std::string& label);
    std::uint32_t branchTable(const std::string& name);
    void call();
    void leave();
    bool inlined() const { return instances_.size() > 1; }
    Code& code() { return *code_; }

   private:
    struct Symbol {
        enum class Kind { Register, Predicate, Address, Parameter, CallParameter };
        Kind kind;
        unsigned bits = 0;          // of a register
        Operand operand = 0;        // register, predicate
        std::uint64_t address = 0;  // in its space; number of a call parameter
        Space space = Space::Generic;
        std::size_t interval = 0;
    };
    struct Interval {
        std::size_t first = 0, last = 0;
        unsigned words = 0;
        bool used = false;
    };
    struct Instance;  // of a function, inlined

    void body(const PtxFunction& function, Instance& instance);
    void instruction(const PtxStatement& statement);
    void declare(const PtxVariable& variable);
    void placeShared(const PtxFunction& function);
    void defineParameters(const PtxFunction& entry);
    const Symbol* find(const std::string& name) const;
    const Symbol& require(const std::string& name) const;
    const Symbol& registerNamed(const std::string& name, unsigned leastBits, unsigned mostBits);
    Operand special(const std::string& name);
    bool symbolAddress(const PtxOperand& operand, std::uint64_t& address) const;
    void resolveBranches(Instance& instance);
    void touch(const Symbol& symbol);
    int estimateRegisters();

    const PtxModule& module_;
    const Variables& variables_;
    DecodeTable table_;

    Kernel kernel_;
    std::shared_ptr<Code> code_;
    std::vector<std::unordered_map<std::string, Symbol>> scopes_;
    std::map<std::pair<std::uint64_t, unsigned>, Operand> constants_;
    std::map<std::string, Operand> specials_;
    std::map<std::string, std::uint64_t> sharedAddresses_;
    std::map<std::pair<std::uint64_t, std::size_t>, std::pair<Operand, unsigned>> callSlots_;
    std::uint64_t callParameters_ = 0;
    std::vector<Interval> intervals_;
    std::vector<Instance*> instances_;

    const PtxStatement* statement_ = nullptr;
    std::vector<std::string> modifiers_;
    Operand guard_ = kTruePredicate;
};

// The size of an element of this PTX type, or 0 for no type.
std::size_t typeBytes(const std::string& type);
Type parseType(const std::string& word);

}  // namespace vgpu
