(module (func (param i32) (result i32) (local i32 i32)
  (local.set 1 (i32.lt_u (local.get 0) (i32.const 5536)))
  (local.set 2 (i32.add (local.get 0) (i32.const 16)))
  (if (local.get 1) (then (return (i32.const 7))))
  (i32.mul (local.get 2) (i32.mul (local.get 0) (local.get 1)))))
;; becomes
;; func 0 @0x18
;;   locals 2 i32
;;   pick 0
;;   i32.const 5536
;;   u32.lt
;;   put 1
;;        0  cmp edi, 15A0h
;;        6  setb sil
;;        a  movzx esi, sil
;;   pick 0
;;   i32.const 16
;;   i32.add
;;   put 2
;;        e  lea r8d, [rdi+10h]
;;   pick 1
;;   def .L0 keep=3 params=[] callers=many
;;   def .L1 keep=3 params=[] callers=1
;;   def .L2 keep=3 params=[] callers=1
;;   br_if .L2, .L1
;;   .L2:
;;       12  jae short 1Bh
;;   i32.const 7
;;   br .return
;;       14  mov eax, 7
;;   .L1:
;;   br .L0
;;   .L0:
;;       19  jmp short 29h
;;   pick 2
;;   pick 0
;;   pick 1
;;   i32.mul
;;   i32.mul
;;       1b  mov r9, rdi
;;       1e  imul r9d, esi
;;   br .return
;;       22  imul r9d, r8d
;;       26  mov rax, r9
;;       29  ret
