;; The register of a comparison is zero before; not where flags of arithmetic before decide it, which that would change.
(module
  (func (param i32 i32) (result i32 i32)
    (i32.lt_s (local.get 0) (local.get 1))
    (i32.eqz (i32.sub (local.get 0) (local.get 1))))
  (func (param f64 f64) (result i32)
    (f64.ne (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x21
;;   pick 0
;;   pick 1
;;   i32.lt
;;   pick 0
;;        0  xor r8d, r8d
;;        3  cmp edi, esi
;;        5  setl r8b
;;   pick 1
;;   i32.sub
;;   i32.eqz
;;        9  mov r9, rdi
;;        c  sub r9d, esi
;;   br .return
;;        f  sete r9b
;;       13  movzx r9d, r9b
;;       17  mov rax, r8
;;       1a  mov rdx, r9
;;       1d  ret
;; func 1 @0x2f
;;   pick 0
;;   pick 1
;;   f64.ne
;;   br .return
;;        0  xor esi, esi
;;        2  ucomisd xmm0, xmm1
;;        6  setp sil
;;        a  setne r11b
;;        e  or sil, r11b
;;       11  mov rax, rsi
;;       14  ret
